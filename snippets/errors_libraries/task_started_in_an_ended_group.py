"""A task group of AnyIO that has ended starts no more tasks."""

# /// script
# requires-python = ">=3.11"
# dependencies = ["anyio==4.16.0"]
# [tool.pleasestop]
# wrong = "fails"
# exit = 1
# seen = "RuntimeError: This task group is not active; no new tasks can be started."
# ///

import anyio


async def main() -> None:
    async with anyio.create_task_group() as group:
        group.cancel_scope.cancel()
    group.start_soon(anyio.sleep, 0)


anyio.run(main)
