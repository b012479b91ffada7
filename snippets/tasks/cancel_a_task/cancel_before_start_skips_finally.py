"""A task that is cancelled before its first step runs none of its code, so no `finally`.

The code that opened the file has to close it, or the task has to open
the file itself.
"""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "the file is closed: False"
# ///

import asyncio
import tempfile
from typing import IO


async def save(file: IO[str]) -> None:
    try:
        file.write("half a line")
        await asyncio.sleep(60)
    finally:
        file.close()
        print("save: never printed")


async def main() -> None:
    with tempfile.TemporaryFile("w") as file:
        task = asyncio.create_task(save(file))
        task.cancel()  # before the first step of the task
        await asyncio.wait([task])
        print("main: the task is cancelled:", task.cancelled())
        print("main: the file is closed:", file.closed)


asyncio.run(main())
