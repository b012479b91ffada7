"""A shielded `move_on_after` lets a cleanup await in a cancelled scope, and limits its time.

The inner `await` of the second save waits for longer than the limit, so
its own shielded scope cancels it.
"""

# /// script
# requires-python = ">=3.11"
# dependencies = ["anyio==4.16.0", "trio==0.35.0"]
# ///

import anyio


async def save(seconds: float) -> None:
    try:
        await anyio.sleep(60)
    finally:
        with anyio.move_on_after(0.4, shield=True) as cleanup:
            await anyio.sleep(seconds)
            print("  saved")
        if cleanup.cancelled_caught:
            print("  gave up saving")


async def main() -> None:
    for seconds in 0, 60:
        with anyio.move_on_after(0.1):
            await save(seconds)


for backend in "asyncio", "trio":
    print(backend)
    anyio.run(main, backend=backend)
