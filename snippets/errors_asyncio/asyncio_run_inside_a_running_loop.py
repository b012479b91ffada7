"""`asyncio.run()` raises RuntimeError in a thread whose event loop is running."""

# /// script
# [tool.pleasestop]
# wrong = "fails"
# exit = 1
# seen = "asyncio.run() cannot be called from a running event loop"
# masked = ["<?sys>?:[01]:"]
# ///

import asyncio


async def work() -> None:
    print("work: never printed")


def helper() -> None:
    asyncio.run(work())


async def main() -> None:
    helper()


asyncio.run(main())
