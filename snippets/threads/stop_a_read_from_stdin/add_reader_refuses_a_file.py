"""On Linux, `add_reader` raises PermissionError if stdin is a file or /dev/null.

The event loop waits with epoll, which does not support them. A service
and a container without a terminal have /dev/null as standard input.
"""

# /// script
# [tool.pleasestop]
# browser = "a standard input"
# platforms = ["linux"]
# ///

import asyncio
import os

os.dup2(os.open("/dev/null", os.O_RDONLY), 0)


async def main() -> None:
    loop = asyncio.get_running_loop()
    try:
        loop.add_reader(0, print, "never printed")
    except PermissionError as error:
        print("main:", repr(error))


asyncio.run(main())
