"""Code that holds the inner task can cancel it; `shield` then raises CancelledError.

The task that awaits the shield gets that exception, although no code
cancelled the waiting task.
"""

# /// script
# requires-python = ">=3.11"
# [tool.pleasestop]
# wrong = "misleads"
# seen = "requests to cancel me: 0"
# ///

import asyncio


async def main() -> None:
    me = asyncio.current_task()
    assert me is not None
    saving = asyncio.create_task(asyncio.sleep(60))
    asyncio.get_running_loop().call_soon(saving.cancel)
    try:
        await asyncio.shield(saving)
    except asyncio.CancelledError:
        print("main: CancelledError")
        print("main: requests to cancel me:", me.cancelling())
        print("main: save was cancelled:", saving.cancelled())


asyncio.run(main())
