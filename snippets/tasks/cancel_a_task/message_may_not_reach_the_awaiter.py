"""Before Python 3.11, the message of `cancel(msg)` does not reach the awaiter.

Inside the task it can be seen from 3.9 on. Of two requests made
before the first is delivered, the first one's message is seen.
"""

# /// script
# requires-python = ">=3.9"
# ///

import asyncio


async def work() -> None:
    try:
        await asyncio.sleep(60)
    except asyncio.CancelledError as error:
        print("work: received", error.args)
        raise


async def main() -> None:
    task = asyncio.create_task(work())
    await asyncio.sleep(0)  # let it start
    task.cancel("too late")
    task.cancel("too expensive")
    try:
        await task
    except asyncio.CancelledError as error:
        print("main: received", error.args)


asyncio.run(main())
