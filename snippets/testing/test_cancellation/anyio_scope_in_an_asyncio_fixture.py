"""A pytest-asyncio fixture that yields inside an AnyIO task group fails when it is torn down.

pytest-asyncio runs the two halves of the fixture in two tasks.
"""

# /// script
# requires-python = ">=3.11"
# dependencies = ["pytest==9.2.0", "pytest-asyncio==1.5.0", "anyio==4.16.0"]
# [tool.pleasestop]
# wrong = "misleads"
# seen = "in a different task than it was entered in"
# ///

import os
import sys
from collections.abc import AsyncIterator

import anyio
import anyio.abc
import pytest
import pytest_asyncio


@pytest_asyncio.fixture
async def group() -> AsyncIterator[anyio.abc.TaskGroup]:
    async with anyio.create_task_group() as group:
        yield group
        group.cancel_scope.cancel()


@pytest.mark.asyncio
async def test_group(group: anyio.abc.TaskGroup) -> None:
    group.start_soon(anyio.sleep_forever)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    print(report.when, report.outcome)
    for line in report.longreprtext.splitlines():
        if line.startswith("E "):
            print(line.strip("E "))


if __name__ == "__main__":
    plugins = ["--disable-plugin-autoload", "-p", "asyncio"]
    plugins += ["-p", "no:terminal", "-p", "no:cacheprovider"]
    scope = "asyncio_default_fixture_loop_scope=function"
    pytest.main(
        [__file__, "-c", os.devnull, "-o", scope, *plugins],
        plugins=[sys.modules[__name__]],
    )
