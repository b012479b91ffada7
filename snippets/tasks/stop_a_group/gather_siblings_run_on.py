"""After `gather` has raised, its other tasks run on, and its future cannot stop them.

That future is done, so its `cancel()` does nothing and returns False.
"""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "upload: still sending"
# ///

import asyncio


async def upload(go_on: asyncio.Event) -> None:
    await go_on.wait()
    print("upload: still sending")


async def fail() -> None:
    raise ValueError("disk full")


async def main() -> None:
    go_on = asyncio.Event()
    task = asyncio.create_task(upload(go_on))
    both = asyncio.gather(task, fail())
    try:
        await both
    except ValueError as error:
        print("main: caught", error)
        print("main: both.cancel() returned", both.cancel())
    go_on.set()
    await task


asyncio.run(main())
