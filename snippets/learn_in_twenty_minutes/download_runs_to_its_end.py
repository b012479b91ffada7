"""A download that is not stopped completes, and then its `finally` closes the file."""

import asyncio


async def download(name: str, seconds: float) -> None:
    print(name, "begins")
    try:
        await asyncio.sleep(seconds)  # stands for a slow server
        print(name, "is complete")
    finally:
        print(name, "closes its file")


async def main() -> None:
    await download("film", 0.1)


asyncio.run(main())
