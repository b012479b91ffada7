"""After `break`, CPython closes this generator with its last reference, PyPy when it collects garbage."""

import gc
from typing import Generator


def rows() -> Generator[int, None, None]:
    try:
        yield 1
        yield 2
    finally:
        print("rows: closed")


def read_one() -> None:
    for row in rows():
        print("read_one: got", row)
        break


read_one()
print("main: after the loop")
gc.collect()
print("main: garbage is collected")
