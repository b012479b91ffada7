"""`except ValueError` does not catch a ValueError that comes out of a `TaskGroup`."""

# /// script
# requires-python = ">=3.11"
# [tool.pleasestop]
# wrong = "misleads"
# seen = "unhandled errors in a TaskGroup"
# ///

import asyncio


async def load() -> None:
    raise ValueError("no such file")


async def main() -> None:
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(load())
    except ValueError:
        print("main: never printed")


try:
    asyncio.run(main())
except ExceptionGroup as error:
    print("out of main came:", error)
