"""`asyncio.run()` raises `RuntimeError` in a thread whose loop is running, as in a notebook cell."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "cannot be called from a running event loop"
# ///

import asyncio


async def fetch() -> str:
    return "42"


async def cell() -> None:
    coroutine = fetch()
    try:
        print(asyncio.run(coroutine))
    except RuntimeError as error:
        print("RuntimeError:", error)
        coroutine.close()


asyncio.run(cell())
