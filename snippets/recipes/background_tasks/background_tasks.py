# SPDX-License-Identifier: 0BSD
# Recipe: background_tasks 1.0.2
# Source: Please Stop, recipes/background-tasks
# Python: 3.8 or newer
"""Run tasks in the background, and end them all."""

import asyncio
from typing import Any, Coroutine, Optional, Set, TypeVar

T = TypeVar("T")


class BackgroundTasks:
    """Tasks that no code awaits: held, reported, cancelled together.

    Keep this object: it holds each task until the task ends, so that
    the garbage collector cannot take it. If a task fails, the loop's
    exception handler is called at once, which logs it by default; the
    others go on. Leaving an `async with` block cancels them: `aclose`.

    Not thread-safe: use it in the running loop that made it. Works
    on every platform. `len` counts the tasks that have not ended.
    """

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._tasks: "Set[asyncio.Task[Any]]" = set()
        self._eager = 0  # tasks in their first step, inside spawn
        self._closed = False

    def __len__(self) -> int:
        return self._eager + sum(not t.done() for t in self._tasks)

    async def __aenter__(self) -> "BackgroundTasks":
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self.aclose()

    def spawn(
        self,
        work: "Coroutine[Any, Any, T]",
        *,
        name: Optional[str] = None,
    ) -> "asyncio.Task[T]":
        """Start a coroutine as a task; awaiting the task is optional.

        Raises:
            RuntimeError: Closed, or another loop; `work` is closed.
        """
        try:
            self._check_loop()
            if self._closed:
                raise RuntimeError("these tasks are closed")
        except RuntimeError:
            work.close()  # else Python warns that it was not awaited
            raise
        self._eager += 1
        try:
            task = self._loop.create_task(work, name=name)
        finally:
            self._eager -= 1
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    async def aclose(self) -> None:
        """Cancel all tasks, once, and return when they have ended.

        If the caller is cancelled meanwhile, CancelledError is raised
        at once; the tasks finish their cleanup alone, still held here.
        So a timeout around the call gives up on tasks that do not end.
        A second call cancels nothing, and waits too.

        Raises:
            RuntimeError: One of the tasks calls this, or this is
                another loop. Nothing is cancelled or closed.
        """
        self._check_loop()
        if self._eager or asyncio.current_task() in self._tasks:
            raise RuntimeError("a task cannot wait for its own end")
        if not self._closed:
            self._closed = True
            for task in self._tasks:
                task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)

    def _check_loop(self) -> None:
        if asyncio.get_running_loop() is not self._loop:
            raise RuntimeError("these tasks belong to another loop")

    def _ended(self, task: "asyncio.Task[Any]") -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            context = {"message": "a background task failed"}
            self._loop.call_exception_handler(
                {**context, "exception": error, "task": task}
            )
