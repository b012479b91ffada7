"""A task that no code holds can be taken by the garbage collector before it is done."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "mail: never sent"
# ///

import asyncio
import gc
from typing import Any, List


async def send_mail() -> None:
    sent = False
    try:
        answer = asyncio.get_running_loop().create_future()
        await answer
        sent = True
    finally:
        print("mail:", "sent" if sent else "never sent")


async def main() -> None:
    reports: List[Any] = []
    asyncio.get_running_loop().set_exception_handler(
        lambda _, context: reports.append(context["message"])
    )
    asyncio.create_task(send_mail())
    await asyncio.sleep(0)
    gc.collect()  # happens by itself, sooner or later
    print("loop:", *reports)


asyncio.run(main())
