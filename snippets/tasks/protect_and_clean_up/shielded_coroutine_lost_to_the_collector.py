"""`shield(coroutine())` leaves a task that nobody holds, and it can vanish.

The loop keeps weak references to tasks. Once the waiter is gone, only what
the task waits for holds it, and here nothing else holds that.
"""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "Task was destroyed but it is pending!"
# ///

import asyncio
import gc


async def save() -> None:
    reply: "asyncio.Future[None]" = asyncio.Future()
    await reply
    print("save: never printed")


async def main() -> None:
    asyncio.get_running_loop().set_exception_handler(
        lambda _, context: print("loop:", context["message"])
    )
    try:
        await asyncio.wait_for(asyncio.shield(save()), 0.05)
    except asyncio.TimeoutError:
        print("main: no time left, it will be saved")
    gc.collect()
    print("main: other tasks:", len(asyncio.all_tasks()) - 1)


asyncio.run(main())
