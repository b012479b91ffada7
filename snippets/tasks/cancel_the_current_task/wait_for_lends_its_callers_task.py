"""Since Python 3.12, a self-cancel inside `wait_for` cancels the caller (gh-96764).

Before, `wait_for` with a timeout gave the coroutine a task of its own.
The caller got the `CancelledError` of that task, and was not cancelled.
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
