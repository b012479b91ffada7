"""A daemonic process, such as a worker of a Pool, cannot start processes."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "AssertionError: daemonic processes are not allowed to have children"
# ///

from multiprocessing import Process


def work() -> None:
    Process(target=print, args=["never printed"]).start()


if __name__ == "__main__":
    process = Process(target=work, name="worker", daemon=True)
    process.start()
    process.join()
