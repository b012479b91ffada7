"""In debug mode, asyncio reports a step of a task that takes longer than `slow_callback_duration`."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "Executing <Task pending name='Task-1'"
# masked = ["[0-9.]+ seconds", "cb=.*py:[0-9]+"]
# ///

import asyncio
import time


async def main() -> None:
    loop = asyncio.get_running_loop()
    loop.slow_callback_duration = 0.5  # 0.1 unless you set it
    time.sleep(0.6)
    await asyncio.sleep(0)


asyncio.run(main(), debug=True)
