"""`call_soon_threadsafe` raises RuntimeError after `asyncio.run` has closed the loop."""

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
