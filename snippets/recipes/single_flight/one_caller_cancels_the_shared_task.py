"""When tasks await one shared task, the timeout of one cancels it for the others."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "patient: cancelled, but by whom?"
# ///

import asyncio
from typing import Dict

running: "Dict[str, asyncio.Task[str]]" = {}


async def load() -> str:
    await asyncio.sleep(3600)
    return "profile"


async def shared(key: str) -> str:
    if key not in running:
        running[key] = asyncio.create_task(load())
    try:
        return await running[key]
    finally:
        running.pop(key, None)


async def hasty() -> str:
    try:
        return await asyncio.wait_for(shared("alice"), 0.05)
    except asyncio.TimeoutError:
        return "timed out"


async def patient() -> str:
    try:
        return await shared("alice")
    except asyncio.CancelledError:
        return "cancelled, but by whom?"


async def main() -> None:
    answers = await asyncio.gather(hasty(), patient())
    print("hasty:", answers[0])
    print("patient:", answers[1])


asyncio.run(main())
