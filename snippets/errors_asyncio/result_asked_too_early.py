"""`task.result()` does not wait: it raises InvalidStateError if the task is not done."""

# /// script
# [tool.pleasestop]
# wrong = "fails"
# exit = 1
# seen = "InvalidStateError: Result is not set."
# ///

import asyncio


async def work() -> int:
    return 7


async def main() -> None:
    task = asyncio.create_task(work())
    print("main:", task.result())


asyncio.run(main())
