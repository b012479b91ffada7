"""Reading a stream while another read of it waits raises RuntimeError."""

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
    first.cancel()  # requested; the task has not ended
    await stream.readline()


asyncio.run(main())
