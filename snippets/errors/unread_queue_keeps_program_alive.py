"""A program that put more into a process queue than the pipe holds does not exit until it is read."""

# /// script
# [tool.pleasestop]
# wrong = "hangs"
# timeout = 0.7
# ///

from multiprocessing import Queue

if __name__ == "__main__":
    jobs: "Queue[bytes]" = Queue()
    jobs.put(bytes(1_000_000))  # more than the pipe holds
    print("main: ends")
