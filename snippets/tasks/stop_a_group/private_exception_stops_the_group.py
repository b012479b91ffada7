"""An exception of your own stops a `TaskGroup` early, its tasks and its body.

Use it before Python 3.15, which adds `TaskGroup.cancel()`.
"""

# /// script
# requires-python = ">=3.11"
# ///

import asyncio


class Enough(Exception):
    """Raised to stop the group, and caught around it."""


async def serve(name: str) -> None:
    try:
        await asyncio.sleep(60)
    finally:
        print(f"{name}: cleaning up")


async def stop() -> None:
    raise Enough


async def main() -> None:
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(serve("task"))
            group.create_task(stop())
            await serve("body")
    except* Enough:
        print("main: the group has ended")


asyncio.run(main())
