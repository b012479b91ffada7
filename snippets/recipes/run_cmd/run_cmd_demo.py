"""`run_cmd` ends a shell and what it started when the time is up or its task is cancelled."""

# /// script
# [tool.pleasestop]
# platforms = ["linux", "macos"]
# ///

import asyncio
import os
import subprocess

from run_cmd import run_cmd


async def gone(read: int) -> bool:
    """Wait until no process holds the other end of the pipe."""
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(None, os.read, read, 1) == b""


async def main() -> None:
    done = await run_cmd("sh", "-c", "echo hello; exit 3")
    print("main:", done.returncode, done.stdout)

    script = "sleep 3600 & wait"
    read, write = os.pipe()
    try:
        await run_cmd(
            "sh", "-c", script, timeout=0.1, pass_fds=[write]
        )
    except subprocess.TimeoutExpired as error:
        print("main: timed out, limit", error.timeout)

    task = asyncio.create_task(
        run_cmd("sh", "-c", script, pass_fds=[write])
    )
    await asyncio.sleep(0.1)
    task.cancel()
    await asyncio.wait({task})
    os.close(write)
    print("main: cancelled:", task.cancelled())
    print("main: all are gone:", await gone(read))
    os.close(read)


asyncio.run(main())
