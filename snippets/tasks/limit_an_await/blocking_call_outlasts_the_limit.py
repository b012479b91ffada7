"""A timeout cannot cut off a blocking call, and might not raise at all.

The loop that would cancel the block does not run while the call blocks.
The TimeoutError comes if the block awaits long enough afterwards.
"""

# /// script
# requires-python = ">=3.11"
# [tool.pleasestop]
# wrong = "misleads"
# seen = "expired: False"
# ///

import asyncio
import time


async def report() -> None:
    time.sleep(0.2)  # blocks the loop
    print("report: ran to its end")


async def main() -> None:
    async with asyncio.timeout(0.05) as limit:
        await report()
    print("main: no TimeoutError, expired:", limit.expired())

    try:
        async with asyncio.timeout(0.05):
            await report()
            await asyncio.sleep(60)
    except TimeoutError:
        print("main: TimeoutError, after the report")


asyncio.run(main())
