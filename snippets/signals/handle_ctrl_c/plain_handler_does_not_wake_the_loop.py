"""`task.cancel()` in a `signal.signal` handler does not wake an idle loop.

It does if the loop has a handler of its own for any signal, set by
`add_signal_handler`: then every signal with a Python handler wakes it.
"""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "task ended: False"
# platforms = ["linux", "macos"]
# ///

import asyncio
import os
import signal
from threading import Event, Thread

started, ended = Event(), Event()


def send(loop: asyncio.AbstractEventLoop) -> None:
    started.wait()
    ended.wait(timeout=0.3)  # lets the loop fall idle
    os.kill(os.getpid(), signal.SIGTERM)
    print("sender: the task ended:", ended.wait(timeout=0.5))
    loop.call_soon_threadsafe(print, "sender: woke the loop")


async def work() -> None:
    try:
        started.set()
        await asyncio.sleep(60)
    finally:
        ended.set()
        print("task: cleaning up")


async def main() -> None:
    loop = asyncio.get_running_loop()
    task = asyncio.create_task(work())
    signal.signal(signal.SIGTERM, lambda *_: task.cancel())
    sender = Thread(target=send, args=(loop,))
    sender.start()
    await asyncio.wait([task])
    sender.join()


asyncio.run(main())
