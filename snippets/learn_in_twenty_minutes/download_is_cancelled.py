"""`task.cancel()` ends the download at its `await`, and its `finally` closes the file."""

import asyncio


async def download(name: str, seconds: float) -> None:
    print(name, "begins")
    try:
        await asyncio.sleep(seconds)
        print(name, "is complete")
    finally:
        print(name, "closes its file")


async def main() -> None:
    task = asyncio.create_task(download("film", 3600))
    await asyncio.sleep(0)  # the download begins
    task.cancel()
    print("main: requested the cancellation")
    await asyncio.wait([task])
    print("main: cancelled?", task.cancelled())


asyncio.run(main())
