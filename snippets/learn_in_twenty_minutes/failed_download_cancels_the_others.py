"""When one download of a `TaskGroup` fails, the group cancels the others, and waits until they have ended."""

# /// script
# requires-python = ">=3.11"
# ///

import asyncio


async def download(name: str, seconds: float) -> None:
    print(name, "begins")
    try:
        await asyncio.sleep(seconds)
        if name == "song":
            raise ConnectionError("the server of the song is gone")
        print(name, "is complete")
    finally:
        print(name, "closes its file")


async def main() -> None:
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(download("film", 3600))
            group.create_task(download("song", 0.1))
    except* ConnectionError as group_of_errors:
        print("main:", group_of_errors.exceptions[0])


asyncio.run(main())
