"""If a task raises an exception of your own, the others clean up before `sys.exit` is called."""

# /// script
# requires-python = ">=3.11"
# [tool.pleasestop]
# exit = 3
# ///

import asyncio
import sys


class FatalError(Exception):
    pass


async def serve() -> None:
    try:
        await asyncio.Event().wait()
    finally:
        print("server: cleanup begins")
        await asyncio.sleep(0.1)
        print("server: cleanup done")


async def work() -> None:
    raise FatalError


async def main() -> int:
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(serve())
            group.create_task(work())
    except* FatalError:
        print("main: exit")
    return 3


sys.exit(asyncio.run(main()))
