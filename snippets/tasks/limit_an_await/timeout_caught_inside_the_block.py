"""`except TimeoutError` inside the block does not catch the block's own timeout.

Inside, the `await` raises `CancelledError`. It becomes a TimeoutError
at the end of the block.
"""

# /// script
# requires-python = ">=3.11"
# [tool.pleasestop]
# wrong = "misleads"
# seen = "inside: CancelledError"
# ///

import asyncio


async def main() -> None:
    try:
        async with asyncio.timeout(0.05):
            try:
                await asyncio.sleep(60)
            except TimeoutError:
                print("inside: never printed")
            except asyncio.CancelledError:
                print("inside: CancelledError")
                raise
    except TimeoutError:
        print("outside: TimeoutError")


asyncio.run(main())
