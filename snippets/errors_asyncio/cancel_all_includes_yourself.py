"""A task that cancels all tasks, itself included, and awaits `gather` of them causes a RecursionError."""

# /// script
# [tool.pleasestop]
# wrong = "hangs"
# timeout = 1.0
# seen = "maximum recursion depth exceeded"
# masked = ["depth exceeded.*"]
# browser = "a deep stack"
# ///

import asyncio


async def main() -> None:
    asyncio.get_running_loop().set_exception_handler(
        lambda _, context: print("loop:", context["exception"])
    )
    tasks = asyncio.all_tasks()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


asyncio.run(main())
