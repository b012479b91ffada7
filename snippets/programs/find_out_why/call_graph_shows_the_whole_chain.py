"""`asyncio.format_call_graph` shows every coroutine of a suspended task, and the task that awaits it."""

# /// script
# requires-python = ">=3.14"
# [tool.pleasestop]
# masked = ["0x[0-9a-f]+"]
# ///

import asyncio
import re


async def read(answer: asyncio.Event) -> None:
    await answer.wait()  # no task sets it


async def handle(answer: asyncio.Event) -> None:
    await read(answer)


async def main() -> None:
    async with asyncio.TaskGroup() as group:
        answer = asyncio.Event()
        task = group.create_task(handle(answer), name="reader")
        asyncio.get_running_loop().call_soon(report, task)


def report(task: asyncio.Task[None]) -> None:
    graph = asyncio.format_call_graph(task)
    print(re.sub(r"File '.*', line \d+, ", "", graph))  # no paths
    task.cancel()


asyncio.run(main())
