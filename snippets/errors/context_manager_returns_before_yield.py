"""If the generator of a context manager returns before its `yield`, `with` raises RuntimeError."""

# /// script
# [tool.pleasestop]
# wrong = "fails"
# exit = 1
# seen = "RuntimeError: generator didn't yield"
# ///

from contextlib import contextmanager
from threading import Event
from typing import Iterator


@contextmanager
def unless(stopping: Event) -> Iterator[None]:
    if stopping.is_set():
        return
    yield


stopping = Event()
stopping.set()
with unless(stopping):
    print("main: never printed")
