"""pytest-timeout's signal method fails one test; its thread method ends the whole run."""

# /// script
# requires-python = ">=3.11"
# dependencies = ["pytest==9.2.0", "pytest-timeout==2.4.0"]
# [tool.pleasestop]
# platforms = ["linux", "macos"]
# ///

import asyncio
import contextlib
import io
import multiprocessing
import os
import sys
from collections.abc import Iterator

import pytest


def say(text: str) -> None:  # past pytest, which prints elsewhere
    print(text, file=sys.__stdout__, flush=True)


@pytest.fixture(autouse=True)
def resource() -> Iterator[None]:
    yield
    say("  cleaned up")


def test_hangs() -> None:
    asyncio.run(asyncio.Event().wait())


def test_after_it() -> None:
    pass


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.when == "call":
        say(f"  {report.location[2]} {report.outcome}")


def run(method: str) -> None:
    options = ["-s", "-c", os.devnull, "-p", "no:cacheprovider"]
    plugins = ["--disable-plugin-autoload", "-p", "timeout"]
    limit = ["--timeout=0.3", f"--timeout-method={method}"]
    with contextlib.redirect_stdout(io.StringIO()):
        status = pytest.main(
            [__file__, *options, *limit, *plugins],
            plugins=[sys.modules[__name__]],
        )
    sys.exit(status)


if __name__ == "__main__":
    fork = multiprocessing.get_context("fork")
    for method in "signal", "thread":
        say(f"{method}:")
        process = fork.Process(target=run, args=(method,))
        process.start()
        process.join()
        say(f"  exit status {process.exitcode}")
