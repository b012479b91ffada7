"""`recv()` raises EOFError if the process at the other end is gone and left nothing unread."""

# /// script
# [tool.pleasestop]
# wrong = "fails"
# exit = 1
# seen = "EOFError"
# ///

from multiprocessing import Pipe, Process

if __name__ == "__main__":
    ours, theirs = Pipe()
    process = Process(target=theirs.recv)
    process.start()
    theirs.close()  # our copy of the other end
    process.terminate()
    ours.recv()
