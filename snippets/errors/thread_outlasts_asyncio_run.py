"""A thread that runs on after its `await` timed out keeps the program alive."""

# /// script
# [tool.pleasestop]
# wrong = "hangs"
# timeout = 0.7
# ///

import asyncio
from queue import Queue

jobs: "Queue[str]" = Queue()


async def main() -> None:
    loop = asyncio.get_running_loop()
    job = loop.run_in_executor(None, jobs.get)
    try:
        await asyncio.wait_for(job, 0.01)
    except asyncio.TimeoutError:
        print("main: gave up, and ends")


asyncio.run(main())
