"""AnyIO's pytest plugin runs a fixture and its test in one task, so the fixture may yield in a group.

A test or a fixture that uses `anyio_backend` belongs to that plugin.
"""

# /// script
# requires-python = ">=3.11"
# dependencies = ["pytest==9.2.0", "anyio==4.16.0"]
# ///

import os
import sys
from collections.abc import AsyncIterator

import anyio
import anyio.abc
import pytest


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def group(
    anyio_backend: str,
) -> AsyncIterator[anyio.abc.TaskGroup]:
    async with anyio.create_task_group() as group:
        yield group
        group.cancel_scope.cancel()


@pytest.mark.anyio
async def test_group(group: anyio.abc.TaskGroup) -> None:
    group.start_soon(anyio.sleep_forever)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    print(report.when, report.outcome)


if __name__ == "__main__":
    plugins = ["--disable-plugin-autoload", "-p", "anyio"]
    plugins += ["-p", "no:terminal", "-p", "no:cacheprovider"]
    pytest.main(
        [__file__, "-c", os.devnull, *plugins],
        plugins=[sys.modules[__name__]],
    )
