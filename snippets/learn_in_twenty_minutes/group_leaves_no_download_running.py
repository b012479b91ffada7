"""When one of two downloads in a `TaskGroup` fails, no download runs on."""

# /// script
# requires-python = ">=3.11"
# ///

import asyncio


async def download(name: str, seconds: float) -> None:
    await asyncio.sleep(seconds)
    if name == "song":
        raise ConnectionError("the server of the song is gone")


async def main() -> None:
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(download("film", 3600))
            group.create_task(download("song", 0.1))
    except* ConnectionError as group_of_errors:
        print("main:", group_of_errors.exceptions[0])
    others = asyncio.all_tasks() - {asyncio.current_task()}
    print("downloads that still run:", len(others))


asyncio.run(main())
