"""After `kill()`, `communicate()` hangs as long as a grandchild holds the pipe."""

# /// script
# [tool.pleasestop]
# wrong = "hangs"
# timeout = 1.0
# platforms = ["linux", "macos"]
# ///

import asyncio
from asyncio.subprocess import PIPE


async def main() -> None:
    process = await asyncio.create_subprocess_shell(
        "(echo ready; exec sleep 3600); true", stdout=PIPE
    )
    assert process.stdout is not None
    await process.stdout.readline()
    print("main: kill, then communicate", flush=True)
    process.kill()
    await process.communicate()
    print("main: never printed")


asyncio.run(main())
