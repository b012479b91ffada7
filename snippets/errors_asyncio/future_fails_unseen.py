"""An exception set on a future that nobody awaits is reported at its end."""

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
