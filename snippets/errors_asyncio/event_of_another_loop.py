"""An `asyncio.Event` that a task has waited for cannot be waited for in another event loop."""

# /// script
# requires-python = ">=3.10"
# [tool.pleasestop]
# wrong = "fails"
# exit = 1
# seen = "is bound to a different event loop"
# masked = ["0x[0-9a-f]+"]
# ///

import asyncio

stopping = asyncio.Event()


async def main() -> None:
    try:
        await asyncio.wait_for(stopping.wait(), 0.01)
    except asyncio.TimeoutError:
        print("main: the event was not set")


asyncio.run(main())
asyncio.run(main())
