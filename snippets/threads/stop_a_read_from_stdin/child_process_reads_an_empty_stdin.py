"""In a process of `multiprocessing`, `input()` raises EOFError."""

# /// script
# [tool.pleasestop]
# ///

import multiprocessing as mp


def ask() -> None:
    try:
        print("child: answer", input())
    except EOFError as error:
        print("child:", error)


if __name__ == "__main__":
    process = mp.Process(target=ask)
    process.start()
    process.join()
