"""Awaiting a coroutine that has ended raises RuntimeError."""

# /// script
# [tool.pleasestop]
# wrong = "fails"
# exit = 1
# seen = "cannot reuse already awaited coroutine"
# ///

import asyncio


async def fetch() -> None:
    print("fetch: tried")


async def main() -> None:
    request = fetch()
    for _ in range(2):  # two attempts, one coroutine
        await asyncio.wait_for(request, 1)


asyncio.run(main())
