"""From Python 3.12 on, a self-cancel inside `wait_for` cancels the caller.

Before, `wait_for` gave the coroutine a task of its own. The caller
got that task's `CancelledError`, without having been cancelled.
"""

# /// script
# requires-python = ">=3.11"
# ///

import asyncio


async def work(caller: "asyncio.Task[None]") -> None:
    me = asyncio.current_task()
    assert me is not None
    print("work: I run in the caller's task:", me is caller)
    me.cancel()
    await asyncio.sleep(60)


async def caller() -> None:
    me = asyncio.current_task()
    assert me is not None
    try:
        await asyncio.wait_for(work(me), timeout=60)
    except asyncio.CancelledError:
        print(
            "caller: CancelledError, my cancelling():",
            me.cancelling(),
        )


asyncio.run(caller())
