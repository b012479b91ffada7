"""A fixture may yield a `TaskGroup` if one task of its own enters and leaves the group.

The failure of a child then cancels the siblings, and the teardown of
the fixture reports it.
"""

# /// script
# requires-python = ">=3.11"
# dependencies = ["pytest==9.2.0", "pytest-asyncio==1.5.0"]
# ///

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

Started = asyncio.Future[asyncio.TaskGroup]


async def own(started: Started, stop: asyncio.Event) -> None:
    async with asyncio.TaskGroup() as group:
        started.set_result(group)
        await stop.wait()


@pytest_asyncio.fixture
async def group() -> AsyncIterator[asyncio.TaskGroup]:
    started, stop = Started(), asyncio.Event()
    owner = asyncio.create_task(own(started, stop))
    both: set[asyncio.Future[Any]] = {owner, started}
    await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
    if owner.done():
        await owner  # raises why the group could not start
    yield started.result()
    stop.set()
    await owner  # raises what the group raises


async def fail() -> None:
    raise ValueError


@pytest.mark.asyncio
async def test_group(group: asyncio.TaskGroup) -> None:
    sibling = group.create_task(asyncio.Event().wait())
    group.create_task(fail())
    await asyncio.wait([sibling])
    assert sibling.cancelled()


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    print(report.when, report.outcome)


if __name__ == "__main__":
    plugins = ["--disable-plugin-autoload", "-p", "asyncio"]
    plugins += ["-p", "no:terminal", "-p", "no:cacheprovider"]
    scope = "asyncio_default_fixture_loop_scope=function"
    pytest.main(
        [__file__, "-c", os.devnull, "-o", scope, *plugins],
        plugins=[sys.modules[__name__]],
    )
