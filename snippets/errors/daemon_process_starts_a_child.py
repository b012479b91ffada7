"""Unless assertions are disabled, a daemonic process cannot start a `Process`."""

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
