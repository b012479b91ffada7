"""`Periodic` calls again after a call that failed, and leaving its block cancels the call in progress."""

import asyncio
from typing import Any, Dict, List

from periodic import Periodic


def report(_: object, context: Dict[str, Any]) -> None:
    print("loop: reported", repr(context["exception"]))


async def main() -> None:
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(report)
    hanging = asyncio.Event()
    starts: List[float] = [loop.time()]

    async def poll() -> None:
        starts.append(loop.time())
        print("poll: call", len(starts) - 1)
        if len(starts) == 3:
            raise ConnectionError
        if len(starts) == 4:
            hanging.set()
            try:
                await asyncio.sleep(3600)
            finally:
                print("poll: cancelled, closing")

    async with Periodic(0.05, poll):
        await hanging.wait()
    print("main: it ticks no more")
    print("main: no beat came early:", starts[3] - starts[0] > 0.14)


asyncio.run(main())
