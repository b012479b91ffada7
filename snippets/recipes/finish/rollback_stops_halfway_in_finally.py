"""A second cancellation cuts off an `await` in `finally`: the account is never paid back."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "main: accounts [90, 0]"
# ///

import asyncio
from typing import List

accounts: List[int] = [100, 0]


async def pay_back(rolling_back: asyncio.Event) -> None:
    rolling_back.set()
    await asyncio.sleep(0.2)  # the database answers
    accounts[0] += 10


async def transfer(
    begun: asyncio.Event, rolling_back: asyncio.Event
) -> None:
    accounts[0] -= 10
    try:
        begun.set()
        await asyncio.sleep(3600)
        accounts[1] += 10
    finally:
        if accounts[1] == 0:
            await pay_back(rolling_back)


async def main() -> None:
    begun, rolling_back = asyncio.Event(), asyncio.Event()
    task = asyncio.create_task(transfer(begun, rolling_back))
    await begun.wait()
    task.cancel()  # the user stops it
    await rolling_back.wait()
    task.cancel()  # and its deadline passes
    await asyncio.wait({task})
    print("main: accounts", accounts)


asyncio.run(main())
