"""Since Python 3.13, `async for` over `as_completed` yields the tasks that were passed in."""

import asyncio
from typing import Any


async def main() -> None:
    quick = asyncio.create_task(asyncio.sleep(0, "quick"))
    slow = asyncio.create_task(asyncio.sleep(60, "slow"))
    finished: Any = asyncio.as_completed([quick, slow])
    try:
        async for task in finished:
            print("main: it is the task:", task is quick)
            break
    except TypeError as error:
        print("main: TypeError:", error)
    print("main: can stop the other:", slow.cancel())


asyncio.run(main())
