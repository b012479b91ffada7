"""Cancelling at each suspension in turn finds a connection that only the third one leaves open.

`cancel_at` drives a coroutine in place of its task. When the
coroutine suspends for the given time, the task cancels itself and
then waits, so the cancellation is delivered at that await. The result
says whether the coroutine has finished before its turn.
"""

import asyncio
import types
from typing import Any, Coroutine, Generator, List


@types.coroutine
def cancel_at(
    turn: int, code: Coroutine[Any, Any, Any]
) -> Generator[Any, Any, bool]:
    task = asyncio.current_task()
    assert task is not None
    error = None
    while True:
        try:
            waiting = (
                code.throw(error) if error else code.send(None)
            )
        except StopIteration:
            return turn > 0
        turn -= 1
        if turn == 0:
            task.cancel()
        try:
            error = yield waiting
        except BaseException as raised:
            error = raised


async def transfer(connections: List[str]) -> None:
    await asyncio.sleep(0)  # look up the address
    await asyncio.sleep(0)  # connect
    connections.append("open")
    await asyncio.sleep(0)  # log in: belongs in the try
    try:
        await asyncio.sleep(0)  # send
    finally:
        connections.remove("open")


async def attempt(turn: int, left: List[str]) -> bool:
    return await cancel_at(turn, transfer(left))


async def main() -> None:
    turn, finished = 0, False
    while not finished:
        turn += 1
        left: List[str] = []
        task = asyncio.ensure_future(attempt(turn, left))
        await asyncio.wait([task])
        finished = not task.cancelled() and task.result()
        where = "not cancelled" if finished else f"at await {turn}"
        print(f"{where}: left open: {len(left)}")


asyncio.run(main())
