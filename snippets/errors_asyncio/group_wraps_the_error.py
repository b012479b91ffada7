"""A `TaskGroup` wraps the error of a task in an ExceptionGroup, even a single one."""

# /// script
# requires-python = ">=3.11"
# [tool.pleasestop]
# wrong = "fails"
# exit = 1
# seen = "unhandled errors in a TaskGroup (1 sub-exception)"
# ///

import asyncio


async def work() -> None:
    raise OSError("disk full")


async def main() -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(work())


asyncio.run(main())
