"""`set_result()` raises InvalidStateError on a cancelled Future of `concurrent.futures`."""

# /// script
# [tool.pleasestop]
# wrong = "fails"
# exit = 1
# seen = "InvalidStateError: CANCELLED"
# masked = ["0x[0-9a-f]+"]
# ///

from concurrent.futures import Future

answer: "Future[int]" = Future()
answer.cancel()
answer.set_result(7)
