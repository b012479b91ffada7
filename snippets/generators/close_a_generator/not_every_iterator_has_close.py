"""Generators, coroutines and files have `close()`; `map` and `chain` do not."""

from io import StringIO
from itertools import chain


async def work() -> None:
    print("coroutine: never printed")


coroutine = work()
things = {
    "generator": (n for n in [1]),
    "coroutine": coroutine,
    "file in memory": StringIO("a line"),
    "iterator of a list": iter([1]),
    "map": map(str, [1]),
    "itertools.chain": chain([1]),
}
for name, thing in things.items():
    close = hasattr(thing, "close")
    cancel = hasattr(thing, "cancel")
    print(f"{name}: close {close}, cancel {cancel}")
coroutine.close()  # without it: "was never awaited"
