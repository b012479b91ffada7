"""A debounced call made by a task that sleeps is lost, without an error, when `asyncio.run` ends during the sleep."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "main: on the disk: []"
# ///

import asyncio
from typing import Awaitable, Callable, List, Optional

disk: List[str] = []
Save = Callable[[str], Awaitable[None]]


def debounce(delay: float, function: Save) -> Callable[[str], None]:
    task: "Optional[asyncio.Task[None]]" = None

    async def later(text: str) -> None:
        await asyncio.sleep(delay)
        await function(text)

    def call(text: str) -> None:
        nonlocal task
        if task is not None:
            task.cancel()
        task = asyncio.ensure_future(later(text))

    return call


async def write(text: str) -> None:
    disk.append(text)


async def main() -> None:
    save = debounce(0.05, write)
    for text in ("c", "ca", "cat"):
        save(text)


asyncio.run(main())
print("main: on the disk:", disk)
