"""A task made by `shield(coroutine())` can be collected before it is done.

The event loop keeps only weak references to tasks. After the timeout, the
future that the task awaits holds the task, and nothing holds that future.
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
