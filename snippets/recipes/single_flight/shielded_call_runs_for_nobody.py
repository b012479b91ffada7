"""A shared call behind `shield` runs on when its callers have gone, and the next caller starts another one beside it."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "load: 2 at once"
# ///

import asyncio
from typing import Dict, List

running: "Dict[str, asyncio.Task[None]]" = {}
loads: List[int] = []


async def load() -> None:
    loads.append(1)
    print("load:", len(loads), "at once")
    try:
        await asyncio.sleep(3600)
    finally:
        loads.pop()


async def shared(key: str) -> None:
    if key not in running:
        running[key] = asyncio.create_task(load())
    try:
        await asyncio.shield(running[key])
    finally:
        running.pop(key, None)


async def main() -> None:
    for caller in ("first", "second"):
        try:
            await asyncio.wait_for(shared("alice"), 0.05)
        except asyncio.TimeoutError:
            print(caller, "timed out")
    print("main: 0 callers wait for", len(loads), "loads")


asyncio.run(main())
