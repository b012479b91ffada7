"""Since Python 3.14, a coroutine cancelled right after `run_coroutine_threadsafe` never starts.

The loop is kept busy until the other thread has submitted the coroutine
and cancelled its future.
"""

import asyncio
from threading import Thread


async def work() -> None:
    try:
        print("work: started")
        await asyncio.sleep(60)
    finally:
        print("work: tidied up")


def submit(loop: asyncio.AbstractEventLoop) -> None:
    future = asyncio.run_coroutine_threadsafe(work(), loop)
    print("thread: cancel() returned", future.cancel())


async def main() -> None:
    loop = asyncio.get_running_loop()
    thread = Thread(target=submit, args=(loop,))
    thread.start()
    thread.join()
    for _ in range(5):  # more than enough rounds to start it
        await asyncio.sleep(0)
    print("main: tasks left:", len(asyncio.all_tasks()) - 1)


asyncio.run(main())
