"""Joining a thread that was not started raises RuntimeError."""

# /// script
# [tool.pleasestop]
# wrong = "fails"
# exit = 1
# seen = "RuntimeError: cannot join thread before it is started"
# ///

from threading import Thread

thread = Thread(target=print)
thread.join()
