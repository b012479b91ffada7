"""After `gather` has raised, the other coroutine still runs, and writes what the rollback should have undone."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "main: the file has ['half a report']"
# ///

import asyncio
from typing import List


async def write(lines: List[str]) -> None:
    await asyncio.sleep(0.05)
    lines.append("half a report")


async def fetch_the_rest() -> None:
    raise ConnectionError("the server has gone")


async def main() -> None:
    lines: List[str] = []
    try:
        await asyncio.gather(write(lines), fetch_the_rest())
    except ConnectionError as error:
        lines.clear()
        print("main: rolled back,", error)
    await asyncio.sleep(0.3)
    print("main: the file has", lines)


asyncio.run(main())
