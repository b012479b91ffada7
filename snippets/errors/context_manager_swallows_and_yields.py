"""If the generator of a context manager catches the block's error and yields again, RuntimeError comes out."""

# /// script
# [tool.pleasestop]
# wrong = "fails"
# exit = 1
# seen = "RuntimeError: generator didn't stop after throw()"
# ///

from contextlib import contextmanager
from typing import Iterator


@contextmanager
def retried() -> Iterator[None]:
    while True:
        try:
            yield
            return
        except OSError:
            print("retried: once more")


with retried():
    raise OSError("disk full")
