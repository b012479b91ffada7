"""Following `cr_await` from the coroutine of a suspended task leads through the coroutines that it awaits.

The chain ends at a future, at another task, and at an async generator.
"""

import asyncio
from typing import Any, List


def chain(task: "asyncio.Task[Any]") -> List[str]:
    """Return the coroutines of a suspended task, innermost last."""
    names = []
    coroutine: Any = task.get_coro()
    while hasattr(coroutine, "cr_await"):
        names.append(coroutine.__qualname__)
        coroutine = coroutine.cr_await
    return names


async def read(answer: asyncio.Event) -> None:
    await answer.wait()  # no task sets it


async def handle(answer: asyncio.Event) -> None:
    await read(answer)


async def main() -> None:
    reader = asyncio.create_task(handle(asyncio.Event()))
    await asyncio.sleep(0)  # the task runs until it waits
    for task in asyncio.all_tasks() - {asyncio.current_task()}:
        print("waits in:", " > ".join(chain(task)))
    reader.cancel()
    await asyncio.wait([reader])


asyncio.run(main())
