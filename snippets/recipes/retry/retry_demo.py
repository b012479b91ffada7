"""`retry` makes another attempt after a failure or a timeout of its own, and none after a cancellation."""

# /// script
# requires-python = ">=3.11"
# ///

import asyncio
from itertools import count

from retry import retry

attempts = count(1)
started = asyncio.Event()


async def fetch() -> str:
    number = next(attempts)
    print("attempt", number)
    if number == 1:
        raise ConnectionError("refused")
    if number == 2:
        await asyncio.Event().wait()
    return "answer"


async def close_badly() -> None:
    print("attempt")
    started.set()
    try:
        await asyncio.Event().wait()
    finally:
        raise ConnectionError("lost while closing")


async def main() -> None:
    pauses = [0.01, 0.02, 0.04]
    print(
        await retry(
            fetch, pauses, on=ConnectionError, attempt_timeout=0.2
        )
    )
    call = retry(close_badly, pauses, on=ConnectionError)
    task = asyncio.create_task(call)
    await started.wait()
    task.cancel()
    try:
        await task
    except ConnectionError as error:
        print("cancelled, no other attempt:", error)


asyncio.run(main())
