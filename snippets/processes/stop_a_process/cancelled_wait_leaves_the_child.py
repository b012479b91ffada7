"""Cancelling a task that awaits `child.wait()` leaves the child running."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "the child answers: still here"
# platforms = ["linux", "macos"]
# ///

import asyncio
from asyncio.subprocess import PIPE


async def main() -> None:
    child = await asyncio.create_subprocess_exec(
        "cat", stdin=PIPE, stdout=PIPE
    )
    waiting = asyncio.create_task(child.wait())
    await asyncio.sleep(0)  # lets the task begin to wait
    waiting.cancel()
    await asyncio.wait([waiting])
    print("main: wait() was cancelled:", waiting.cancelled())
    answer, _ = await child.communicate(b"still here")
    print("main: the child answers:", answer.decode())


asyncio.run(main())
