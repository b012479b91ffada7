"""A `Deadline` gives each call the time that earlier calls left, and does not start a call without any."""

# /// script
# requires-python = ">=3.11"
# ///

import asyncio
import threading

from deadline import Deadline


def blocking(deadline: Deadline) -> bool:
    return threading.Event().wait(deadline.remaining())


async def call(
    name: str, seconds: float, deadline: Deadline
) -> None:
    async with deadline.timeout():
        print(name, "started")
        await asyncio.sleep(seconds)
        print(name, "done")


async def main() -> None:
    deadline = Deadline(0.5)
    part = deadline.at_most(60)
    print("a part never ends later:", part.remaining() != 60)
    await call("first:", 0.01, deadline)
    for name in ("second:", "third:"):
        try:
            await call(name, 3600, deadline)
        except TimeoutError:
            print(name, "TimeoutError")
    print("expired:", deadline.expired())
    answer = await asyncio.to_thread(blocking, deadline)
    print("a blocking call gave up:", not answer)


asyncio.run(main())
