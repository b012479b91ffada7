"""A child that raises an exception stops its TaskGroup, which raises the exception.

The siblings are cancelled. The exception arrives in an ExceptionGroup,
which `except*` opens.
"""

# /// script
# requires-python = ">=3.11"
# ///

import asyncio


async def download(name: str) -> None:
    if name == "missing.txt":
        raise FileNotFoundError(name)
    await asyncio.sleep(0)
    print("download: have", name)


async def main() -> None:
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(download("missing.txt"))
            group.create_task(download("present.txt"))
        print("main: both files are there")
    except* FileNotFoundError as group_error:
        for error in group_error.exceptions:
            print("main: could not get", error)


asyncio.run(main())
