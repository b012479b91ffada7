"""`close()` skips a `yield` at the end of `try`, unlike one in `finally`."""

from typing import Generator


def lines() -> Generator[str, None, None]:
    try:
        yield "first"
        yield "end of file"
    finally:
        print("generator: cleaning up")


print("main:", list(lines()))

generator = lines()
print("main: got", next(generator))
generator.close()
