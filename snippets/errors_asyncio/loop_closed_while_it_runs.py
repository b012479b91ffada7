"""A running event loop cannot be closed, not even by its own main task."""

# /// script
# [tool.pleasestop]
# wrong = "fails"
# exit = 1
# seen = "RuntimeError: Cannot close a running event loop"
# ///

import asyncio


async def main() -> None:
    loop = asyncio.get_running_loop()
    loop.stop()
    loop.close()


asyncio.run(main())
