"""A task that is pending when its loop is closed is reported when it is destroyed."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "Task was destroyed but it is pending!"
# masked = ["cb=\\[.*\\]"]
# ///

import asyncio


async def work() -> None:
    await asyncio.sleep(60)


async def main() -> None:
    task = asyncio.create_task(work(), name="work")
    await asyncio.sleep(0)
    print("main: ends, done:", task.done())


loop = asyncio.new_event_loop()
loop.run_until_complete(main())
loop.close()
