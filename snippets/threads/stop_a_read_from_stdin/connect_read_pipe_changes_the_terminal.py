"""`connect_read_pipe` on a terminal makes standard output non-blocking, and leaves it so.

Both descriptors belong to the same open file. On such an output, a
`print` of much text can raise BlockingIOError.
"""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "output blocks afterwards: False"
# browser = "a terminal"
# platforms = ["linux", "macos"]
# ///

import asyncio
import os

screen, terminal = os.openpty()
output = os.dup(terminal)  # as stdout beside stdin


async def main() -> None:
    loop = asyncio.get_running_loop()
    transport, _ = await loop.connect_read_pipe(
        asyncio.Protocol, os.fdopen(terminal)
    )
    transport.close()


print("main: output blocks:", os.get_blocking(output))
asyncio.run(main())
print("main: output blocks afterwards:", os.get_blocking(output))
