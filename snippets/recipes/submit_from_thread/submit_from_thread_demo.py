"""When the time is up, the coroutine is cancelled and can clean up during its grace."""

import asyncio
import concurrent.futures
import threading

from submit_from_thread import submit_from_thread


async def add(one: int, two: int) -> int:
    await asyncio.sleep(0)
    return one + two


async def slow() -> None:
    try:
        await asyncio.sleep(3600)
    finally:
        await asyncio.sleep(0)
        print("loop: cleaned up")


loop = asyncio.new_event_loop()
thread = threading.Thread(target=loop.run_forever)
thread.start()
print("main: 1 + 2 =", submit_from_thread(add(1, 2), loop))
try:
    submit_from_thread(slow(), loop, timeout=0.3, grace=60)
except concurrent.futures.TimeoutError:
    print("main: time is up")
loop.call_soon_threadsafe(loop.stop)
thread.join()
loop.close()
