"""A TaskGroup ignores a child that cancels itself, unless the body awaits that child.

The siblings go on, and the group raises nothing.
"""

# /// script
# requires-python = ">=3.11"
# [tool.pleasestop]
# wrong = "misleads"
# seen = "main: both files are there"
# ///

import asyncio


async def download(name: str) -> None:
    if name == "missing.txt":
        task = asyncio.current_task()
        assert task is not None
        task.cancel()  # meant as: this failed
    await asyncio.sleep(0)
    print("download: have", name)


async def main() -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(download("missing.txt"))
        group.create_task(download("present.txt"))
    print("main: both files are there")


asyncio.run(main())
