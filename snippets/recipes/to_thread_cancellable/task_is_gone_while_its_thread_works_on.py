"""A `to_thread` that timed out is tried again while its first thread works on."""

# /// script
# requires-python = ">=3.9"
# [tool.pleasestop]
# wrong = "misleads"
# seen = "thread: writing too"
# ///

import asyncio
import threading

first = threading.Lock()
done = threading.Event()


def write() -> None:
    if first.acquire(blocking=False):
        print("thread: writing the file")
        done.wait()
        print("thread: done after all")
    else:
        print("thread: writing too")


async def main() -> None:
    begun = asyncio.create_task(asyncio.to_thread(write))
    try:
        await asyncio.wait_for(begun, timeout=0.3)
    except asyncio.TimeoutError:
        print("main: took too long, trying again")
    await asyncio.to_thread(write)
    done.set()


asyncio.run(main())
