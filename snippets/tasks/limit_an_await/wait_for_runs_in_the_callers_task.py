"""Since Python 3.12, `wait_for` awaits a coroutine in the caller's task (gh-96764).

Before, it wrapped the coroutine in a new task, unless the limit was
None.
"""

import asyncio


async def child() -> "asyncio.Task[None] | None":
    return asyncio.current_task()


async def main() -> None:
    mine = asyncio.current_task()
    its = await asyncio.wait_for(child(), timeout=60)
    print("same task:", its is mine)


asyncio.run(main())
