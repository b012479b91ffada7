"""`run_until_complete()` of a loop that is running raises RuntimeError."""

# /// script
# [tool.pleasestop]
# wrong = "fails"
# exit = 1
# seen = "This event loop is already running"
# ///

import asyncio


async def main() -> None:
    loop = asyncio.get_running_loop()
    answer = loop.create_future()
    loop.run_until_complete(answer)


asyncio.run(main())
