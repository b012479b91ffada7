"""`LoopTimer` calls once after the last restart, and `cancel` returns whether it came in time."""

import asyncio
from typing import List

from loop_timer import LoopTimer


async def main() -> None:
    typed: List[str] = []
    searched = asyncio.Event()

    def search() -> None:
        print("timer: search for", "".join(typed))
        searched.set()

    timer = LoopTimer(0.05, search)
    for key in "cat":
        typed.append(key)
        timer.restart()
    await searched.wait()
    print("main: cancelled in time:", timer.cancel())

    timer.restart()
    print("main: cancelled in time:", timer.cancel())


asyncio.run(main())
