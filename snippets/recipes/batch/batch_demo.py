"""When the time is up, `batch` returns one outcome per item: done, failed, cut off, or never started."""

# /// script
# requires-python = ">=3.11"
# ///

import asyncio

from batch import Done, Failed, TimedOut, batch


async def fetch(page: str) -> str:
    if page == "slow":
        await asyncio.Event().wait()
    if page == "broken":
        raise ConnectionError("refused")
    return page.upper()


async def main() -> None:
    pages = ["a", "slow", "broken", "b", "slow", "c"]
    outcomes = await batch(fetch, pages, max_at_once=2, timeout=0.5)
    for page, outcome in zip(pages, outcomes, strict=True):
        match outcome:
            case Done(value):
                print(f"{page}: done, {value}")
            case Failed(error):
                print(f"{page}: failed, {error!r}")
            case TimedOut(started=True):
                print(f"{page}: cut off")
            case TimedOut():
                print(f"{page}: never started")


asyncio.run(main())
