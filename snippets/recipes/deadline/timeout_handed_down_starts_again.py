"""A timeout that is passed on as a number of seconds starts again in each call."""

# /// script
# requires-python = ">=3.11"
# [tool.pleasestop]
# wrong = "misleads"
# seen = "receive may go on after the limit: True"
# ///

import asyncio


async def step(seconds: float) -> float:
    async with asyncio.timeout(seconds) as block:
        await asyncio.sleep(0.1)
        end = block.when()
    assert end is not None
    return end


async def fetch(seconds: float) -> None:
    limit = asyncio.get_running_loop().time() + seconds
    await step(seconds)  # connect
    await step(seconds)  # send
    end = await step(seconds)  # receive
    print("receive may go on after the limit:", end > limit + 0.1)


asyncio.run(fetch(seconds=0.6))
