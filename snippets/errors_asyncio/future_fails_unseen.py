"""An exception that was set on a future and never retrieved is reported when the future is destroyed."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "Future exception was never retrieved"
# ///

import asyncio


async def main() -> None:
    answer = asyncio.get_running_loop().create_future()
    answer.set_exception(OSError("disk full"))
    print("main: ends without awaiting it")


asyncio.run(main())
