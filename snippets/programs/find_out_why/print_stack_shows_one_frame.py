"""`get_stack` and `print_stack` of a suspended task show its outermost coroutine only."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "its stack: ['handle']"
# ///

import asyncio


async def read(answer: asyncio.Event) -> None:
    await answer.wait()  # no task sets it


async def fetch(answer: asyncio.Event) -> None:
    await read(answer)


async def handle(answer: asyncio.Event) -> None:
    await fetch(answer)


async def main() -> None:
    task = asyncio.create_task(handle(asyncio.Event()))
    await asyncio.sleep(0)  # the task runs until it waits
    stack = [frame.f_code.co_name for frame in task.get_stack()]
    print("its stack:", stack)
    task.cancel()
    await asyncio.wait([task])


asyncio.run(main())
