"""`anyio.from_thread` works in a thread of AnyIO, not in one of `asyncio.to_thread`."""

# /// script
# requires-python = ">=3.11"
# dependencies = ["anyio==4.16.0"]
# [tool.pleasestop]
# wrong = "misleads"
# seen = "NoEventLoopError: This function can only be called inside an AnyIO worker thread"
# ///

import asyncio

import anyio
from anyio import from_thread


def work() -> None:
    try:
        from_thread.check_cancelled()
        print("check_cancelled: works")
    except RuntimeError as error:
        print(f"{type(error).__name__}: {error}")
    try:
        from_thread.run_sync(print, "run_sync: works")
    except RuntimeError as error:
        print(f"{type(error).__name__}: {error}")


async def main() -> None:
    print("in a thread of AnyIO:")
    await anyio.to_thread.run_sync(work)
    print("in a thread of asyncio:")
    await asyncio.to_thread(work)


asyncio.run(main())
