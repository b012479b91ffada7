"""Since Python 3.13, an error in a timed-out block says that time was up.

It comes out in place of the TimeoutError on all versions; since
3.13 the TimeoutError is its context, and stands in the traceback.
"""

# /// script
# requires-python = ">=3.11"
# ///

import asyncio


async def main() -> None:
    try:
        async with asyncio.timeout(0.01):
            try:
                await asyncio.sleep(60)
            finally:
                raise OSError("disk full")
    except OSError as error:
        print("main:", repr(error))
        print("main: context:", repr(error.__context__))


asyncio.run(main())
