"""`result()` of a task that was cancelled without a message raises CancelledError without a text."""

# /// script
# [tool.pleasestop]
# wrong = "fails"
# exit = 1
# seen = "CancelledError"
# ///

import asyncio


async def main() -> None:
    task = asyncio.create_task(asyncio.sleep(60))
    task.cancel()
    await asyncio.wait([task])
    task.result()


asyncio.run(main())
