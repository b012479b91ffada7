"""A timeout around `gather` drops the results of all calls because one is late."""

# /// script
# requires-python = ">=3.9"
# [tool.pleasestop]
# wrong = "misleads"
# seen = "main: results: []"
# ///

import asyncio
from typing import List


async def fetch(page: str, late: bool) -> str:
    if late:
        await asyncio.Event().wait()
    print(f"{page}: done")
    return page.upper()


async def main() -> None:
    results: List[str] = []
    calls = [fetch("a", False), fetch("b", True), fetch("c", False)]
    try:
        results = await asyncio.wait_for(
            asyncio.gather(*calls), 0.2
        )
    except asyncio.TimeoutError:
        print("main: TimeoutError")
    print("main: results:", results)


asyncio.run(main())
