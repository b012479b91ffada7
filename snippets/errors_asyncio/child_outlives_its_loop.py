"""A child process with a pipe that outlives its event loop is reported on 3.13.0 and older."""

# /// script
# [tool.pleasestop]
# masked = ["pid [0-9]+", "0x[0-9a-f]+"]
# ///

import asyncio
import threading
from asyncio.subprocess import PIPE, Process


async def main() -> Process:
    return await asyncio.create_subprocess_exec("cat", stdin=PIPE)


process = asyncio.run(main())
print("main: the loop is closed")
process.kill()
for thread in threading.enumerate():
    if thread is not threading.main_thread():
        thread.join()  # it watches the child
del process
