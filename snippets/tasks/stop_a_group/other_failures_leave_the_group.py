"""`except* EnoughError` takes that type out of the group; other failures come out."""

# /// script
# requires-python = ">=3.11"
# ///

import asyncio


class EnoughError(Exception):
    """Raised to stop the group, and caught around it."""


async def stop() -> None:
    raise EnoughError


async def load() -> None:
    raise ValueError("no such file")


async def main() -> None:
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(stop())
            group.create_task(load())
    except* EnoughError:
        print("main: enough")


try:
    asyncio.run(main())
except ExceptionGroup as error:
    print("out of main came:", *error.exceptions)
