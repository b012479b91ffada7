"""Since Python 3.13 `close()` returns the generator's return value; before, it returns None."""

from typing import Generator


def total() -> Generator[None, int, int]:
    amount = 0
    try:
        while True:
            amount += yield
    except GeneratorExit:
        return amount


generator = total()
next(generator)
generator.send(3)
generator.send(4)
print("main: close returned", generator.close())
