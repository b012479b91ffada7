"""Unless assertions are disabled, joining a process that was not started raises AssertionError."""

# /// script
# [tool.pleasestop]
# wrong = "fails"
# exit = 1
# seen = "AssertionError: can only join a started process"
# ///

from multiprocessing import Process

if __name__ == "__main__":
    process = Process(target=print)
    process.join()
