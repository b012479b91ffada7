"""`asyncio.timeout()` ends a block that is too slow with a TimeoutError.

The block is cancelled at its `await`, cleans up, and only then does the
TimeoutError come out of `async with`.
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
