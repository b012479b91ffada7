"""Before Python 3.11, the message of `cancel(msg)` does not reach code that awaits the task.

Two cancellations before the task runs raise one exception with one of
the messages: here the first in `sleep(60)`, the last in `sleep(0)`.
"""

# /// script
# requires-python = ">=3.9"
# ///

import asyncio


async def work(delay: float) -> None:
    try:
        await asyncio.sleep(delay)
    except asyncio.CancelledError as error:
        print(f"work: sleep({delay}) raised", error.args)
        raise


async def main() -> None:
    for delay in (60, 0):
        task = asyncio.create_task(work(delay))
        await asyncio.sleep(0)  # let it start
        task.cancel("too late")
        task.cancel("too expensive")
        try:
            await task
        except asyncio.CancelledError as error:
            print("main: received", error.args)


asyncio.run(main())
