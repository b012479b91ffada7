"""Cancelling the scope of a task group cancels its tasks, and the block ends after their cleanup.

The block ends without an exception: the scope catches the cancellation
that it caused. The program prints the same with `trio` as the backend.
"""

# /// script
# requires-python = ">=3.11"
# dependencies = ["anyio==4.16.0"]
# ///

import anyio


async def worker() -> None:
    try:
        await anyio.sleep_forever()
    finally:
        print("worker: cleans up")


async def main() -> None:
    async with anyio.create_task_group() as group:
        group.start_soon(worker)
        await anyio.sleep(0.1)
        group.cancel_scope.cancel()
    print("main: the worker has ended")


anyio.run(main)
