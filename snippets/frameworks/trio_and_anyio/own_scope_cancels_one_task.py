"""A task of Trio is cancelled alone through a scope of its own; its sibling runs on.

`nursery.start` returns what the task passes to `started()`.
"""

# /// script
# requires-python = ">=3.11"
# dependencies = ["trio==0.35.0"]
# ///

import trio

stopped = trio.Event()


async def listen(
    task_status: trio.TaskStatus[trio.CancelScope],
) -> None:
    with trio.CancelScope() as scope:
        task_status.started(scope)
        await trio.sleep_forever()
    print("listener: stopped")
    stopped.set()


async def work() -> None:
    await stopped.wait()
    print("worker: finished")


async def main() -> None:
    async with trio.open_nursery() as nursery:
        nursery.start_soon(work)
        listener = await nursery.start(listen)
        listener.cancel()


trio.run(main)
