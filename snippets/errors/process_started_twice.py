"""Unless assertions are disabled, starting a process twice raises AssertionError."""

# /// script
# [tool.pleasestop]
# wrong = "fails"
# exit = 1
# seen = "AssertionError: cannot start a process twice"
# ///

from multiprocessing import Process

if __name__ == "__main__":
    process = Process(target=print, args=["worker: at work"])
    process.start()
    process.join()
    process.start()
