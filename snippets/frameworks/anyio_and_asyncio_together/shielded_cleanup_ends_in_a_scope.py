"""A shielded AnyIO scope lets the cleanup of asyncio code end, although the scope around it is cancelled."""

# /// script
# requires-python = ">=3.11"
# dependencies = ["anyio==4.16.0"]
# ///

import asyncio

import anyio


async def work() -> None:
    try:
        await asyncio.sleep(60)
    finally:
        with anyio.CancelScope(shield=True):
            await asyncio.sleep(0.1)
            print("work: cleaned up")


async def main() -> None:
    with anyio.move_on_after(0.1):
        await work()
    print("main: the scope has ended")


asyncio.run(main())
