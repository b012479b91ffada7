"""`close()` raises GeneratorExit at the `yield`, so `finally` runs before `close()` returns."""

from typing import Generator


def numbers() -> Generator[int, None, None]:
    try:
        yield 1
        yield 2
    finally:
        print("generator: cleaning up")


generator = numbers()
print("main: got", next(generator))
generator.close()
print("main: left over:", list(generator))
