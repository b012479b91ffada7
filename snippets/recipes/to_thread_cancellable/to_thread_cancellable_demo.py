"""A timeout reaches the thread, and the task waits until the thread has ended."""

import asyncio
import threading

from to_thread_cancellable import to_thread_cancellable


def count(begun: threading.Event, stopping: threading.Event) -> str:
    print("thread: counting")
    begun.set()
    while not stopping.wait(timeout=60):
        print("thread: never printed")
    print("thread: stopped, cleaning up")
    return "how far it came"


async def main() -> None:
    begun, stopping = threading.Event(), threading.Event()
    call = to_thread_cancellable(
        count, begun, stopping, stop=stopping.set
    )
    task = asyncio.create_task(call)
    await asyncio.get_running_loop().run_in_executor(
        None, begun.wait
    )
    try:
        await asyncio.wait_for(task, timeout=0.1)
    except asyncio.TimeoutError:
        print("main: time is up, the thread has ended")


asyncio.run(main())
