"""The asyncio idiom of a shield and a second `await` saves the work from `task.cancel()`, not from a cancelled AnyIO scope.

The scope cancels the second `await` too, and with it the work.
"""

# /// script
# requires-python = ">=3.11"
# dependencies = ["anyio==4.16.0"]
# [tool.pleasestop]
# wrong = "misleads"
# seen = "AnyIO: lost"
# ///

import asyncio

import anyio


async def save(who: str) -> None:
    try:
        await asyncio.sleep(0.5)
        print(f"{who}: saved")
    except asyncio.CancelledError:
        print(f"{who}: lost")
        raise


async def shielded(who: str) -> None:
    saving = asyncio.create_task(save(who))
    try:
        await asyncio.shield(saving)
    finally:
        await saving


async def main() -> None:
    task = asyncio.create_task(shielded("asyncio"))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    with anyio.move_on_after(0.01):
        await shielded("AnyIO")


asyncio.run(main())
