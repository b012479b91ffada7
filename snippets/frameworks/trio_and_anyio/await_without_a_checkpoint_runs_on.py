"""In a cancelled scope of AnyIO, an `await` that does not suspend raises only if AnyIO made it a checkpoint.

asyncio's own functions check nothing when they have nothing to wait for.
"""

# /// script
# requires-python = ">=3.11"
# dependencies = ["anyio==4.16.0"]
# ///

import asyncio

import anyio
from anyio.lowlevel import checkpoint


async def main() -> None:
    native = asyncio.Event()
    native.set()
    event = anyio.Event()
    event.set()
    with anyio.CancelScope() as scope:
        scope.cancel()
        print("the body of a cancelled scope runs")
        await native.wait()
        print("asyncio: a set event does not raise")
        try:
            await event.wait()
        finally:
            print("AnyIO: a set event raises")

    with anyio.CancelScope() as scope:
        scope.cancel()
        for number in range(1000):
            await checkpoint()  # in code that computes
            print("never printed", number)
    print("a checkpoint ended the loop:", scope.cancelled_caught)


anyio.run(main)
