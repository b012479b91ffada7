"""In a cancelled scope of Trio, an unshielded `await` in `finally` raises again."""

# /// script
# requires-python = ">=3.11"
# dependencies = ["trio==0.35.0"]
# [tool.pleasestop]
# wrong = "misleads"
# seen = "worker: saves\nmain: the worker has ended"
# ///

import trio


async def worker() -> None:
    try:
        print("worker: waits")
        await trio.sleep(60)
    finally:
        print("worker: saves")
        await trio.sleep(0.05)
        print("worker: never printed")


async def main() -> None:
    async with trio.open_nursery() as nursery:
        nursery.start_soon(worker)
        await trio.sleep(0.1)
        nursery.cancel_scope.cancel()
    print("main: the worker has ended")


trio.run(main)
