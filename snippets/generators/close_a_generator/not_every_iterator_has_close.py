"""Iterators have no `close()`, generators and coroutines have; none has `cancel()`."""

from itertools import chain


async def work() -> None:
    print("coroutine: never printed")


coroutine = work()
things = {
    "generator": (n for n in [1]),
    "coroutine": coroutine,
    "iterator of a list": iter([1]),
    "map": map(str, [1]),
    "itertools.chain": chain([1]),
}
for name, thing in things.items():
    close = hasattr(thing, "close")
    cancel = hasattr(thing, "cancel")
    print(f"{name}: close {close}, cancel {cancel}")
coroutine.close()  # and no warning that nobody awaited it
