"""In a cancelled scope of AnyIO, an unshielded `await` in `finally` raises again."""

# /// script
# requires-python = ">=3.11"
# dependencies = ["anyio==4.16.0"]
# [tool.pleasestop]
# wrong = "misleads"
# seen = "worker: saves\nmain: the worker has ended"
# ///

import anyio


async def worker() -> None:
    try:
        print("worker: waits")
        await anyio.sleep(60)
    finally:
        print("worker: saves")
        await anyio.sleep(0.05)
        print("worker: never printed")


async def main() -> None:
    async with anyio.create_task_group() as group:
        group.start_soon(worker)
        await anyio.sleep(0.1)
        group.cancel_scope.cancel()
    print("main: the worker has ended")


anyio.run(main)
