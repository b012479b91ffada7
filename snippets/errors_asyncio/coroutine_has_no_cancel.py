"""A coroutine does not have a `cancel()` method.

Cancel the task that runs the coroutine instead.
"""

# /// script
# [tool.pleasestop]
# wrong = "fails"
# exit = 1
# seen = "'coroutine' object has no attribute 'cancel'"
# masked = ["<?sys>?:[01]:"]
# ///

import asyncio


async def main() -> None:
    job = asyncio.sleep(60)
    job.cancel()


asyncio.run(main())
