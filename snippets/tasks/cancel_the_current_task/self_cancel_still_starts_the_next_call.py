"""The call that a self-cancelled task awaits next is still started.

It runs to its own first suspension, and is cancelled there.
"""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "send: the mail is out"
# ///

import asyncio


async def send() -> None:
    print("send: the mail is out")
    await asyncio.sleep(60)  # stands for the answer
    print("send: never printed")


async def work(address: str) -> None:
    if not address:
        task = asyncio.current_task()
        assert task is not None
        task.cancel()  # meant as: do not send
    await send()


async def main() -> None:
    task = asyncio.create_task(work(address=""))
    await asyncio.wait([task])
    print("main: cancelled:", task.cancelled())


asyncio.run(main())
