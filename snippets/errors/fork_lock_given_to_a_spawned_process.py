"""A lock of the fork context cannot be passed to a process of the spawn context."""

# /// script
# requires-python = ">=3.11.5"
# [tool.pleasestop]
# wrong = "misleads"
# seen = "A SemLock created in a fork context is being shared with a process in a spawn context."
# platforms = ["linux", "macos"]
# ///

import multiprocessing


def main() -> None:
    stopping = multiprocessing.get_context("fork").Event()
    spawn = multiprocessing.get_context("spawn")
    worker = spawn.Process(target=stopping.wait)
    try:
        worker.start()
    except RuntimeError as error:
        print(error)


if __name__ == "__main__":
    main()
