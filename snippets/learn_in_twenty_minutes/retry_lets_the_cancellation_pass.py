"""A download that retries after `except Exception:` is ended by a cancellation."""

import asyncio


async def download(name: str) -> None:
    for attempt in (1, 2):
        try:
            print(name, "begins attempt", attempt)
            await asyncio.sleep(3600)
        except Exception:
            print(name, "failed")


async def main() -> None:
    task = asyncio.create_task(download("film"))
    await asyncio.sleep(0)  # the download begins
    task.cancel()
    await asyncio.wait([task], timeout=0.1)
    print("main: stopped?", task.done())


asyncio.run(main())
