"""A last value stands before `finally`, not in it, so that `close()` skips it."""

from typing import Generator


def lines() -> Generator[str, None, None]:
    try:
        yield "first"
        yield "end of file"
    finally:
        print("generator: tidying up")


print("main:", list(lines()))

generator = lines()
print("main: got", next(generator))
generator.close()
