"""While the awaits of a task do not suspend it, no other task can cancel it.

No other task of the loop runs, so none can call `cancel()`.
`asyncio.sleep(0)` suspends the task and lets the others run.
"""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "before I could cancel: 100"
# ///

import asyncio
from typing import List


async def work(rounds: List[int], pause: bool) -> None:
    jobs: "asyncio.Queue[int]" = asyncio.Queue()
    for number in range(100):
        jobs.put_nowait(number)
        rounds.append(await jobs.get())  # ready: does not suspend
        if pause:
            await asyncio.sleep(0)


async def main() -> None:
    for pause in (False, True):
        print("with sleep(0)" if pause else "without sleep(0)")
        rounds: List[int] = []
        task = asyncio.create_task(work(rounds, pause))
        await asyncio.sleep(0)  # let it start
        print(
            "main: rounds done before I could cancel:", len(rounds)
        )
        print("main: cancel() returned", task.cancel())
        await asyncio.wait([task])
        print("main: cancelled:", task.cancelled())


asyncio.run(main())
