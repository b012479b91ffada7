"""After one of these downloads has failed, the other one runs on."""

# /// script
# requires-python = ">=3.11"
# [tool.pleasestop]
# wrong = "misleads"
# seen = "downloads that still run: 1"
# ///

import asyncio


async def download(name: str, seconds: float) -> None:
    await asyncio.sleep(seconds)
    if name == "song":
        raise ConnectionError("the server of the song is gone")


async def main() -> None:
    try:
        await asyncio.gather(
            download("film", 3600),
            download("song", 0.1),
        )
    except ConnectionError as error:
        print("main:", error)
    others = asyncio.all_tasks() - {asyncio.current_task()}
    print("downloads that still run:", len(others))


asyncio.run(main())
