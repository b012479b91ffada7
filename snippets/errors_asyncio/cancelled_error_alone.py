"""Asking a cancelled task for its result raises CancelledError, without a word more."""

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
