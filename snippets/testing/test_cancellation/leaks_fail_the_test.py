"""Two fixtures turn a task or a thread that a test leaves behind into an error of that test."""

# /// script
# requires-python = ">=3.11"
# dependencies = ["pytest==9.2.0", "pytest-asyncio==1.5.0"]
# ///

import asyncio
import os
import sys
import threading
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

stop = threading.Event()
tasks: list[asyncio.Task[bool]] = []


@pytest.fixture(autouse=True)
def no_thread_is_left() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    left = set(threading.enumerate()) - before
    if left:
        stop.set()  # only so that this program ends
    assert left == set()


@pytest_asyncio.fixture(autouse=True)
async def no_task_is_left(
    no_thread_is_left: None,  # begins earlier, ends later
) -> AsyncIterator[None]:
    before = asyncio.all_tasks()
    yield
    left = asyncio.all_tasks() - before - {asyncio.current_task()}
    assert left == set()


@pytest.mark.asyncio
async def test_leaves_nothing() -> None:
    await asyncio.to_thread(len, "")


@pytest.mark.asyncio
async def test_leaves_a_task() -> None:
    tasks.append(asyncio.create_task(asyncio.Event().wait()))


def test_leaves_a_thread() -> None:
    threading.Thread(target=stop.wait).start()


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.when != "setup":
        print(report.location[2], report.when, report.outcome)


if __name__ == "__main__":
    plugins = ["--disable-plugin-autoload", "-p", "asyncio"]
    plugins += ["-p", "no:terminal", "-p", "no:cacheprovider"]
    scope = "asyncio_default_fixture_loop_scope=function"
    pytest.main(
        [__file__, "-c", os.devnull, "-o", scope, *plugins],
        plugins=[sys.modules[__name__]],
    )
