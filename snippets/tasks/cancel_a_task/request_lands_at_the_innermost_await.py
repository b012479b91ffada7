"""`cancel()` cancels the future that a task waits for; the innermost `await` then raises.

The `CancelledError` propagates from there, and each `finally` on its
way runs. `cancel()` has returned before any of that.
"""

import asyncio


async def inner(answer: "asyncio.Future[str]") -> None:
    try:
        await answer
    finally:
        print("inner: cleaning up")


async def outer(answer: "asyncio.Future[str]") -> None:
    try:
        await inner(answer)
    finally:
        print("outer: cleaning up")


async def main() -> None:
    answer: "asyncio.Future[str]" = asyncio.Future()
    task = asyncio.create_task(outer(answer))
    await asyncio.sleep(0)  # let it start
    print("main: cancel() returned", task.cancel())
    print("main: the task is done:", task.done())
    print("main: the future is cancelled:", answer.cancelled())
    await asyncio.wait([task])
    print("main: the task is cancelled:", task.cancelled())


asyncio.run(main())
