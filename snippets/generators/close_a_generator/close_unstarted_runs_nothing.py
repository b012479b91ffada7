"""Closing a generator that never started runs no line of it, not even `finally`."""

from typing import Generator


def numbers() -> Generator[int, None, None]:
    try:
        print("generator: never printed")
        yield 1
    finally:
        print("generator: never printed")


generator = numbers()
generator.close()
print("main: left over:", list(generator))
