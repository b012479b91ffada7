"""A task that waits by `add_reader` until stdin can be read can be cancelled.

`add_reader` does not read and does not change stdin. A read of a
terminal returns one line, a read of a pipe whatever it holds.
"""

# /// script
# [tool.pleasestop]
# browser = "a standard input"
# platforms = ["linux", "macos"]
# ///

import asyncio
import os

silent, typist = os.pipe()
os.dup2(silent, 0)  # stands for a terminal


async def read_stdin() -> bytes:
    loop = asyncio.get_running_loop()
    ready = asyncio.Event()
    try:
        loop.add_reader(0, ready.set)
    except PermissionError:  # a file or /dev/null: does not block
        return os.read(0, 65536)
    try:
        await ready.wait()
    finally:
        loop.remove_reader(0)
    return os.read(0, 65536)


async def main() -> None:
    try:
        await asyncio.wait_for(read_stdin(), timeout=0.1)
    except asyncio.TimeoutError:
        print("main: no answer in time")
    os.write(typist, b"yes\n")
    print("main: answer", await read_stdin())


asyncio.run(main())
