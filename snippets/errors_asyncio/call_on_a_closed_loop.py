"""A call sent to a loop after `asyncio.run` has returned raises RuntimeError."""

# /// script
# [tool.pleasestop]
# wrong = "fails"
# exit = 1
# seen = "RuntimeError: Event loop is closed"
# ///

import asyncio


async def main() -> asyncio.AbstractEventLoop:
    return asyncio.get_running_loop()


loop = asyncio.run(main())
loop.call_soon_threadsafe(print, "never printed")
