"""`create_task` of a `TaskGroup` whose `async with` block has ended raises RuntimeError."""

# /// script
# requires-python = ">=3.11"
# [tool.pleasestop]
# wrong = "fails"
# exit = 1
# seen = "is finished"
# ///

import asyncio


async def main() -> None:
    async with asyncio.TaskGroup() as group:
        pass
    group.create_task(asyncio.sleep(0))


asyncio.run(main())
