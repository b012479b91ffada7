"""When one task in a `TaskGroup` fails, the group cancels the others.

The block waits until all of them have ended, then raises the failure in an
`ExceptionGroup`, from which `except*` selects the exceptions of a type.
"""

# /// script
# requires-python = ">=3.11"
# ///

import asyncio


async def load() -> None:
    raise ValueError("no such file")


async def main() -> None:
    try:
        async with asyncio.TaskGroup() as group:
            other = group.create_task(asyncio.sleep(60))
            group.create_task(load())
    except* ValueError as failed:
        print("main:", failed)
        print("main: it was:", *failed.exceptions)
    print("main: other cancelled:", other.cancelled())


asyncio.run(main())
