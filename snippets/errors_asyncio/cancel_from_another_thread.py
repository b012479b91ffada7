"""In debug mode, `cancel()` from another thread raises RuntimeError if the task waits for a future, and the task stays pending."""

# /// script
# [tool.pleasestop]
# wrong = "hangs"
# timeout = 1.0
# seen = "Non-thread-safe operation invoked on an event loop other than the current one"
# ///

import asyncio
from threading import Thread


async def main() -> None:
    # On a busy machine, debug mode would call the start slow.
    asyncio.get_running_loop().slow_callback_duration = 60
    task = asyncio.create_task(asyncio.sleep(60))
    await asyncio.sleep(0)
    thread = Thread(target=task.cancel, name="worker")
    thread.start()
    await asyncio.wait([task])
    print("main: never printed")


asyncio.run(main(), debug=True)
