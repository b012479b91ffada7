"""Without a `__name__` guard, a spawned child runs the whole program again, and fails."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "An attempt has been made to start a new process before the"
# ///

from multiprocessing import get_context

process = get_context("spawn").Process(target=print)
process.start()
process.join()
print("main: the child ended with", process.exitcode)
