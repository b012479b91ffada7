"""A pending task is closed when it is destroyed: its `finally` runs, and asyncio reports it.

A `finally` that suspends is cut off there.
"""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "Task was destroyed but it is pending!"
# masked = ["cb=\\[.*\\]"]
# ///

import asyncio


async def work() -> None:
    try:
        await asyncio.sleep(60)
    finally:
        print("work: finally runs")


async def main() -> None:
    task = asyncio.create_task(work(), name="work")
    await asyncio.sleep(0)
    print("main: ends, done:", task.done())


loop = asyncio.new_event_loop()
loop.run_until_complete(main())
loop.close()
