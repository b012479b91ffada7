"""Cancelling `to_thread` leaves the thread running, and loses its result."""

# /// script
# requires-python = ">=3.9"
# ///

import asyncio
from threading import Event
from typing import List

begun, go_on, ended = Event(), Event(), Event()
calls: List[str] = []


def work() -> None:
    calls.append("a call")
    begun.set()
    go_on.wait()
    ended.set()


async def main() -> None:
    task = asyncio.create_task(asyncio.to_thread(work))
    await asyncio.to_thread(begun.wait)
    task.cancel()
    await asyncio.wait([task])
    left = "nothing" if ended.is_set() else "the thread"

    go_on.set()
    finished = await asyncio.to_thread(ended.wait, 1)
    await asyncio.to_thread(work)
    lost = "nothing" if len(calls) == 1 else "the result"

    print("call: await to_thread(function)")
    print("what it waits for:", "goes on" if finished else "ends")
    print("lost:", lost)
    print("still running:", left)


asyncio.run(main())
