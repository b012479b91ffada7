"""`asyncio.timeout()` cancels a block that is too slow, and raises TimeoutError at its end.

The `await` in the block raises `CancelledError`, and the code in the
block cleans up. Only then does `async with` raise TimeoutError.
"""

# /// script
# requires-python = ">=3.11"
# ///

import asyncio


async def fetch() -> None:
    try:
        await asyncio.sleep(60)
    finally:
        print("fetch: cleaning up")


async def main() -> None:
    try:
        async with asyncio.timeout(0.05):
            await fetch()
    except TimeoutError:
        print("main: too slow, gave up")


asyncio.run(main())
