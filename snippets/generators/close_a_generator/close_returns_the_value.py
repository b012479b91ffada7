"""Seen on Python 3.13.0 and newer: `close()` returns what a generator returns as it is closed.

On 3.12.1 and older, and for a generator that had ended or not begun,
`close()` returns None.
"""

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
