"""`result(timeout)` stops waiting for a coroutine in another thread, and does not cancel it."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "loop: transferred the money"
# ///

import asyncio
import concurrent.futures
import threading


async def transfer(gave_up: asyncio.Event) -> None:
    await gave_up.wait()
    print("loop: transferred the money")


async def make_event() -> asyncio.Event:
    return asyncio.Event()


loop = asyncio.new_event_loop()
thread = threading.Thread(target=loop.run_forever)
thread.start()
gave_up = asyncio.run_coroutine_threadsafe(
    make_event(), loop
).result()
future = asyncio.run_coroutine_threadsafe(transfer(gave_up), loop)
try:
    future.result(timeout=0.1)
except concurrent.futures.TimeoutError:
    print("main: no answer in time, not transferred")
loop.call_soon_threadsafe(gave_up.set)
future.result()
loop.call_soon_threadsafe(loop.stop)
thread.join()
loop.close()
