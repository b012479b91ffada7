"""A loop that sleeps the interval between its calls is later with every call."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "call 5 is late by more than an interval: True"
# ///

import asyncio

INTERVAL = 0.06


async def poll() -> None:
    await asyncio.sleep(INTERVAL / 3)  # a call takes its time


async def main() -> None:
    loop = asyncio.get_running_loop()
    start = loop.time()
    for call in range(1, 6):
        await asyncio.sleep(INTERVAL)
        late = loop.time() - (start + call * INTERVAL)
        await poll()
    print(
        f"call {call} is late by more than an interval:",
        late > INTERVAL,
    )


asyncio.run(main())
