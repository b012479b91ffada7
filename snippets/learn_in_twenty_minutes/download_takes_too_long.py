"""When the timeout expires, the download is cancelled, closes its file, and main gets `TimeoutError`."""

# /// script
# requires-python = ">=3.11"
# ///

import asyncio


async def download(name: str, seconds: float) -> None:
    print(name, "begins")
    try:
        await asyncio.sleep(seconds)
        print(name, "is complete")
    finally:
        print(name, "closes its file")


async def main() -> None:
    try:
        async with asyncio.timeout(0.1):
            await download("film", 3600)
    except TimeoutError:
        print("main: the film took too long")


asyncio.run(main())
