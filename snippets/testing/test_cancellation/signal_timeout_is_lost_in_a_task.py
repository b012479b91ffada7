"""A test passes although its timeout fired, because the exception of the signal landed in a background task."""

# /// script
# requires-python = ">=3.11"
# dependencies = ["pytest==9.2.0", "pytest-timeout==2.4.0"]
# [tool.pleasestop]
# wrong = "misleads"
# seen = "test: passed"
# platforms = ["linux", "macos"]
# ///

import asyncio
import contextlib
import io
import os
import time

import pytest


async def background() -> None:
    time.sleep(60)  # the signal comes here


def test_waits_for_the_background() -> None:
    async def main() -> None:
        task = asyncio.create_task(background())
        await asyncio.wait([task])
        print("\ntask:", task.exception())

    asyncio.run(main())


def run() -> str:
    plugins = ["--disable-plugin-autoload", "-p", "timeout"]
    options = [
        "-s",
        "-c",
        os.devnull,
        "-p",
        "no:cacheprovider",
        *plugins,
        "--timeout=0.3",
    ]
    with contextlib.redirect_stdout(io.StringIO()) as output:
        status = pytest.main([__file__, *options])
    print("test:", "passed" if status == 0 else "failed")
    return output.getvalue()


if __name__ == "__main__":
    for line in run().splitlines():
        if line.startswith("task:"):
            print(line)
