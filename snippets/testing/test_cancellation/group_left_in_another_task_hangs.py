"""A `TaskGroup` that one task enters and another leaves does not cancel its tasks after a failure, and hangs.

A fixture of pytest-asyncio does this: its setup, the test and its
teardown are three tasks.
"""

# /// script
# requires-python = ">=3.11"
# [tool.pleasestop]
# wrong = "hangs"
# timeout = 1
# ///

import asyncio
import contextlib
from collections.abc import AsyncIterator


@contextlib.asynccontextmanager
async def fixture() -> AsyncIterator[asyncio.TaskGroup]:
    async with asyncio.TaskGroup() as group:
        yield group


async def fail() -> None:
    raise ValueError


async def main() -> None:
    asyncio.get_running_loop().set_exception_handler(
        lambda _, context: print("log:", repr(context["exception"]))
    )
    manager = fixture()
    setup = asyncio.create_task(manager.__aenter__())
    group = await setup

    sibling = group.create_task(asyncio.Event().wait())
    await asyncio.wait([group.create_task(fail())])
    await asyncio.sleep(0)
    print("sibling is being cancelled:", sibling.cancelling() > 0)

    print("teardown ...", flush=True)
    teardown = manager.__aexit__(None, None, None)
    await asyncio.create_task(teardown)


asyncio.run(main())
