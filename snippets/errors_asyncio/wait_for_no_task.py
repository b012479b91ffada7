"""`asyncio.wait` raises ValueError if it gets no tasks."""

# /// script
# [tool.pleasestop]
# wrong = "fails"
# exit = 1
# seen = "Futures is empty."
# ///

import asyncio


async def main() -> None:
    left = asyncio.all_tasks() - {asyncio.current_task()}
    await asyncio.wait(left)


asyncio.run(main())
