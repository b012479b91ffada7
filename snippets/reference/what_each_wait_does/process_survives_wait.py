"""Cancelling `process.wait()` leaves the process running."""

# /// script
# [tool.pleasestop]
# platforms = ["linux", "macos"]
# ///

import asyncio
from asyncio.subprocess import PIPE


async def main() -> None:
    process = await asyncio.create_subprocess_exec(
        "cat", stdin=PIPE, stdout=PIPE
    )
    task = asyncio.create_task(process.wait())
    await asyncio.sleep(0)  # it is waiting now
    task.cancel()
    await asyncio.wait([task])
    answer, _ = await process.communicate(b"still here")
    alive = answer == b"still here"
    again = await process.wait()

    end = "goes on" if alive else "is ended"
    print("call: await process.wait()")
    print("what it waits for:", end)
    print("lost:", "nothing" if again == 0 else "the status")
    print("still running:", "the process" if alive else "nothing")


asyncio.run(main())
