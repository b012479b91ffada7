"""`asyncio.run` raises RuntimeError if `loop.stop()` stops the loop before main has ended."""

# /// script
# [tool.pleasestop]
# wrong = "fails"
# exit = 1
# seen = "Event loop stopped before Future completed."
# ///

import asyncio


async def main() -> None:
    asyncio.get_running_loop().stop()
    await asyncio.sleep(60)


asyncio.run(main())
