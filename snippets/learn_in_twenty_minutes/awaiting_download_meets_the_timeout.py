"""A download that awaits each part is ended by the timeout."""

# /// script
# requires-python = ">=3.11"
# ///

import asyncio


async def download(name: str) -> None:
    print(name, "begins")
    for _ in range(5):
        await asyncio.sleep(0.1)  # stands for a part of the file
    print(name, "is complete")


async def main() -> None:
    try:
        async with asyncio.timeout(0.2):
            await download("film")
    except TimeoutError:
        print("main: the film took too long")


asyncio.run(main())
