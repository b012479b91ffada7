"""A shielded AnyIO scope does not hold off `task.cancel()` or `asyncio.timeout`, only scopes."""

# /// script
# requires-python = ">=3.11"
# dependencies = ["anyio==4.16.0"]
# [tool.pleasestop]
# wrong = "misleads"
# seen = "asyncio.timeout: cut off"
# ///

import asyncio

import anyio


async def save(limit: str) -> None:
    try:
        with anyio.CancelScope(shield=True):
            await asyncio.sleep(0.4)
            print(f"{limit}: saved")
    except asyncio.CancelledError:
        print(f"{limit}: cut off")
        raise


async def main() -> None:
    with anyio.move_on_after(0.05):
        await save("anyio.move_on_after")
    try:
        async with asyncio.timeout(0.05):
            await save("asyncio.timeout")
    except TimeoutError:
        pass
    task = asyncio.create_task(save("task.cancel"))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])


asyncio.run(main())
