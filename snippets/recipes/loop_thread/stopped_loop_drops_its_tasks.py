"""`loop.stop()` cancels no task: a loop that is stopped and closed drops its tasks without cleanup."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "loop: Task was destroyed but it is pending!"
# ///

import asyncio
import gc
import threading

begun = threading.Event()


async def session() -> None:
    begun.set()
    try:
        await asyncio.get_running_loop().create_future()
    except asyncio.CancelledError:
        print("session: says goodbye")  # never printed
        raise


loop = asyncio.new_event_loop()
loop.set_exception_handler(
    lambda _, context: print("loop:", context["message"])
)
thread = threading.Thread(target=loop.run_forever)
thread.start()
future = asyncio.run_coroutine_threadsafe(session(), loop)
begun.wait()
loop.call_soon_threadsafe(loop.stop)
thread.join()
loop.close()
print("main: the loop is closed")
del future
gc.collect()  # happens by itself, sooner or later
