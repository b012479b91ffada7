"""`wait_for(process.communicate(), ...)` gives up waiting; the command runs on."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "it ran until SIGTERM: True"
# platforms = ["linux", "macos"]
# ///

import asyncio
from asyncio.subprocess import PIPE


async def main() -> None:
    process = await asyncio.create_subprocess_exec(
        "sleep", "3600", stdout=PIPE, stderr=PIPE
    )
    try:
        await asyncio.wait_for(process.communicate(), 0.1)
    except asyncio.TimeoutError:
        print("main: timed out")
    print("main: exit code", process.returncode)

    process.terminate()
    code = await process.wait()
    print("main: it ran until SIGTERM:", code == -15)


asyncio.run(main())
