"""A shielded scope around work that must end gets none of the cancellations, so the loop stays idle."""

# /// script
# requires-python = ">=3.11"
# dependencies = ["anyio==4.16.0"]
# ///

import asyncio

import anyio


async def save() -> None:
    await asyncio.sleep(0.2)
    print("saved")


async def main() -> None:
    cancellations = 0
    with anyio.CancelScope() as scope:
        scope.cancel()
        with anyio.CancelScope(shield=True):
            work = asyncio.create_task(save())
            while not work.done():
                try:
                    await asyncio.wait([work])
                except asyncio.CancelledError:
                    cancellations += 1
    print("cancelled", cancellations, "times")


asyncio.run(main())
