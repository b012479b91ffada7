"""After `break` a generator with a name stays open; `closing` closes it."""

from contextlib import closing
from typing import Generator


def numbers() -> Generator[int, None, None]:
    try:
        yield 1
        yield 2
    finally:
        print("generator: cleaning up")


with closing(numbers()) as generator:
    for number in generator:
        print("main: got", number)
        break
    print("main: after the loop")
print("main: after the block")
