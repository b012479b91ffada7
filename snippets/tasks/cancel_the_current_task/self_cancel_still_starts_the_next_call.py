"""A self-cancelled task still starts the coroutine that it awaits next.

The coroutine runs to its own first suspension, and is cancelled there.
If it is wrapped in a task of its own, it does not start.
"""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "direct: the mail is out"
# ///

import asyncio


async def send(how: str) -> None:
    print(f"{how}: the mail is out")
    await asyncio.sleep(60)  # stands for the answer
    print(f"{how}: never printed")


async def work(how: str) -> None:
    task = asyncio.current_task()
    assert task is not None
    task.cancel()  # meant as: do not send
    if how == "direct":
        await send(how)
    else:
        await asyncio.create_task(send(how))


async def main() -> None:
    for how in ("direct", "in a task"):
        task = asyncio.create_task(work(how))
        await asyncio.wait([task])
        print(f"{how}: cancelled: {task.cancelled()}")


asyncio.run(main())
