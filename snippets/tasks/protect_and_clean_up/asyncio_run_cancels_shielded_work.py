"""When main has ended, `asyncio.run` cancels a shielded task like any other."""

# /// script
# requires-python = ">=3.11"
# [tool.pleasestop]
# wrong = "misleads"
# seen = "save: cancelled, nothing saved"
# ///

import asyncio


async def save() -> None:
    try:
        await asyncio.sleep(60)
        print("save: never printed")
    except asyncio.CancelledError:
        print("save: cancelled, nothing saved")
        raise


async def main() -> None:
    saving = asyncio.create_task(save())
    try:
        async with asyncio.timeout(0.05):
            await asyncio.shield(saving)
    except TimeoutError:
        print("main: no time left, it will be saved")


asyncio.run(main())
