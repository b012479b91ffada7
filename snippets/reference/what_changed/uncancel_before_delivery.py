"""Since Python 3.13, `uncancel()` withdraws a cancellation that waits for the task's next await.

On 3.11 and 3.12 it lowers the count, and the cancellation arrives
all the same. No version withdraws it from a task that already waits
for a future: `cancel()` has cancelled that future.
"""

# /// script
# requires-python = ">=3.11"
# ///

import asyncio


async def main() -> None:
    me = asyncio.current_task()
    assert me is not None
    me.cancel()
    print("main: after uncancel():", me.uncancel())
    try:
        await asyncio.sleep(0)
        print("main: not cancelled")
    except asyncio.CancelledError:
        print("main: cancelled anyway")


asyncio.run(main())
