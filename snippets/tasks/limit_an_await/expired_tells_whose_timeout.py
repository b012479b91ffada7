"""If `expired()` is False, the code inside the block raised the TimeoutError.

If it is True, the limit of the block has passed.
"""

# /// script
# requires-python = ">=3.11"
# ///

import asyncio


async def slow() -> None:
    await asyncio.sleep(60)


async def failing() -> None:
    raise TimeoutError("the database gave up")


async def main() -> None:
    for call in slow, failing:
        try:
            async with asyncio.timeout(0.05) as limit:
                await call()
        except TimeoutError as error:
            if limit.expired():
                print(f"{call.__name__}: over my limit")
            else:
                print(f"{call.__name__}: {error}")


asyncio.run(main())
