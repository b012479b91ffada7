"""A task that awaits itself raises RuntimeError."""

# /// script
# [tool.pleasestop]
# wrong = "fails"
# exit = 1
# seen = "Task cannot await on itself"
# masked = ["base_events.py:[0-9]+"]
# ///

import asyncio


async def main() -> None:
    for task in asyncio.all_tasks():
        await task


asyncio.run(main())
