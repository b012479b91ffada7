"""Cancelling `communicate()` loses the output that it has read so far."""

# /// script
# [tool.pleasestop]
# platforms = ["linux", "macos"]
# ///

import asyncio
from asyncio.subprocess import PIPE

SCRIPT = "printf 'first\nsecond\n'; exec sleep 60"


async def main() -> None:
    process = await asyncio.create_subprocess_exec(
        "sh", "-c", SCRIPT, stdout=PIPE
    )
    assert process.stdout
    await process.stdout.readline()  # both lines came at once
    task = asyncio.create_task(process.communicate())
    for _ in range(9):
        await asyncio.sleep(0)  # it starts, and reads a line
    task.cancel()
    await asyncio.wait([task])
    alive = process.returncode is None
    process.kill()
    output, _ = await process.communicate()
    kept = output == b"second\n"

    end = "goes on" if alive else "is ended"
    print("call: await process.communicate()")
    print("what it waits for:", end)
    print("lost:", "nothing" if kept else "what it has read")
    print("still running:", "the process" if alive else "nothing")


asyncio.run(main())
