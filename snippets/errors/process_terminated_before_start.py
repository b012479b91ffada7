"""`terminate()` raises AttributeError on a `Process` that was not started."""

# /// script
# [tool.pleasestop]
# wrong = "fails"
# exit = 1
# seen = "AttributeError: 'NoneType' object has no attribute 'terminate'"
# ///

from multiprocessing import Process

if __name__ == "__main__":
    process = Process(target=print)
    process.terminate()
