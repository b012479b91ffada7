"""`hedge` starts a second attempt when the first is slow, returns the first result, and cancels the other attempt."""

# /// script
# requires-python = ">=3.11"
# ///

import asyncio
from itertools import count

from hedge import hedge

numbers = count(1)


async def fetch() -> str:
    number = next(numbers)
    print(f"attempt {number}: started")
    if number == 2:
        return "answer of attempt 2"
    try:
        await asyncio.sleep(3600)
    finally:
        print(f"attempt {number}: closed")
    return "never reached"


async def refused() -> str:
    raise ConnectionError("refused")


async def main() -> None:
    print(await hedge(fetch, [0.05, 3600]))
    try:
        await hedge(refused, [3600, 3600])
    except* ConnectionError as group:
        print("failed attempts:", len(group.exceptions))


asyncio.run(main())
