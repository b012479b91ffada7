"""The TimeoutError that `wait_for` raises has an empty text."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "TimeoutError()"
# ///

import asyncio


async def main() -> None:
    try:
        await asyncio.wait_for(asyncio.sleep(60), 0.01)
    except asyncio.TimeoutError as error:
        print(f"main: failed: {error}")
        print(f"main: failed: {error!r}")


asyncio.run(main())
