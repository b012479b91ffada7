"""`await task.cancel()` raises TypeError, because `cancel()` returns a bool."""

# /// script
# [tool.pleasestop]
# wrong = "fails"
# exit = 1
# seen = "TypeError:"
# ///

import asyncio


async def main() -> None:
    task = asyncio.create_task(asyncio.sleep(60))
    await task.cancel()


asyncio.run(main())
