"""A `signal.signal` handler wakes an idle loop of uvloop, so a task that it cancels ends at once."""

# /// script
# requires-python = ">=3.11"
# dependencies = ["uvloop==0.23.0"]
# [tool.pleasestop]
# platforms = ["linux", "macos"]
# ///

import asyncio
import os
import signal
from threading import Event, Thread

import uvloop

started, ended = Event(), Event()


def send() -> None:
    started.wait()
    ended.wait(timeout=0.3)  # lets the loop fall idle
    os.kill(os.getpid(), signal.SIGTERM)
    print("sender: the task ended:", ended.wait(timeout=5))


async def work() -> None:
    try:
        started.set()
        await asyncio.sleep(60)
    finally:
        print("task: cleaning up")
        ended.set()


async def main() -> None:
    task = asyncio.create_task(work())
    signal.signal(signal.SIGTERM, lambda *_: task.cancel())
    sender = Thread(target=send)
    sender.start()
    await asyncio.wait([task])
    sender.join()


uvloop.run(main())
