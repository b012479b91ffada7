"""On 3.14.8 and 3.15.0, this coroutine is cancelled before it starts; up to 3.13.0 it starts first.

The loop is kept busy until the other thread has submitted the
coroutine and cancelled its future. When the loop is idle, the
coroutine can still start in between.
"""

import asyncio
from threading import Thread


async def work() -> None:
    try:
        print("work: started")
        await asyncio.sleep(60)
    finally:
        print("work: cleaned up")


def submit(loop: asyncio.AbstractEventLoop) -> None:
    future = asyncio.run_coroutine_threadsafe(work(), loop)
    print("thread: cancel() returned", future.cancel())


async def main() -> None:
    loop = asyncio.get_running_loop()
    thread = Thread(target=submit, args=(loop,))
    thread.start()
    thread.join()
    for _ in range(5):  # enough rounds to start it
        await asyncio.sleep(0)
    print("main: tasks left:", len(asyncio.all_tasks()) - 1)


asyncio.run(main())
