"""A stream has one reader; a second read while the first waits raises RuntimeError."""

# /// script
# [tool.pleasestop]
# wrong = "fails"
# exit = 1
# seen = "called while another coroutine is already waiting for incoming data"
# ///

import asyncio


async def main() -> None:
    stream = asyncio.StreamReader()
    first = asyncio.create_task(stream.readline())
    await asyncio.sleep(0)
    first.cancel()  # asked, but not ended yet
    await stream.readline()


asyncio.run(main())
