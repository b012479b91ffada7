"""`run_hard` returns a function's result, or ends its process when the time is up."""

# /// script
# [tool.pleasestop]
# platforms = ["linux", "macos"]
# ///

from run_hard import run_hard


def divide(a: int, b: int) -> float:
    return a / b


def search() -> None:
    while True:  # checks nothing, so no event stops it
        pass


if __name__ == "__main__":
    print("main:", run_hard(divide, 1, 4, timeout=60))
    try:
        run_hard(divide, 1, 0, timeout=60)
    except ZeroDivisionError as error:
        print("main:", error)
    try:
        run_hard(search, timeout=0.2)
    except TimeoutError as error:
        print("main:", error)
