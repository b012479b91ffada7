"""An `asyncio.Event` that was waited for in one `run` cannot be waited for in the next."""

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
        print("main: not asked to stop")


asyncio.run(main())
asyncio.run(main())
