"""Since Python 3.13, an error that replaces a timeout's cancellation has TimeoutError as its context.

On all versions the error comes out in place of the TimeoutError. Up
to 3.12 its context is the CancelledError.
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
