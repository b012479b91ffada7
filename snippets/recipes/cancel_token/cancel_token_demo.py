"""One `cancel` wakes the thread that waits and stops the task, with one reason."""

import asyncio
import threading

from cancel_token import Cancelled, CancelToken


def in_a_thread(token: CancelToken) -> None:
    token.wait()  # or wait(timeout), in the place of a sleep
    try:
        token.raise_if_cancelled()
    except Cancelled as why:
        print("thread: stopped:", why)


async def request(token: CancelToken) -> None:
    task = asyncio.create_task(asyncio.sleep(3600))
    loop = asyncio.get_running_loop()
    take_back = token.add_callback(
        lambda: loop.call_soon_threadsafe(task.cancel)
    )
    try:
        await asyncio.wait([task])
    finally:
        take_back()
    print("task: cancelled:", task.cancelled(), "-", token.reason)


with CancelToken() as program:
    with CancelToken(program) as one_request:
        one_request.cancel("client gone")
        asyncio.run(request(one_request))
    print("main: program cancelled:", program.cancelled())

    thread = threading.Thread(target=in_a_thread, args=[program])
    thread.start()
    program.cancel("shutting down")
    thread.join()
