"""`asyncio.timeout` is entered by `async with`; a plain `with` raises TypeError."""

# /// script
# requires-python = ">=3.11"
# [tool.pleasestop]
# wrong = "misleads"
# seen = "does not support the context manager protocol"
# ///

import asyncio


async def main() -> None:
    try:
        with asyncio.timeout(1):  # type: ignore[attr-defined]
            await asyncio.sleep(0)
    except TypeError as error:
        print(error)


asyncio.run(main())
