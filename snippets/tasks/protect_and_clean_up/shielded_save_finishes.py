"""A shielded task goes on when the one that waits for it is cut off."""

# /// script
# requires-python = ">=3.11"
# ///

import asyncio


async def save() -> None:
    await asyncio.sleep(0.3)
    print("save: done")


async def main() -> None:
    saving = asyncio.create_task(save())
    try:
        async with asyncio.timeout(0.05):
            await asyncio.shield(saving)
    except TimeoutError:
        print("main: no time left, but it must be saved")
        await saving


asyncio.run(main())
