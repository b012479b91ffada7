# SPDX-License-Identifier: 0BSD
# Recipe: background_tasks 1.0.0
# Source: Please Stop, recipes/background-tasks
# Python: 3.8 or newer
"""Run tasks in the background, and end them all."""

import asyncio
from typing import Any, Coroutine, Optional, Set, TypeVar

T = TypeVar("T")


class BackgroundTasks:
    """Tasks that nobody awaits: held, reported, stopped together.

    A task is held until it ends, so the garbage collector cannot
    take it. When it fails, that is reported at once to the loop's
    exception handler, which logs it unless told otherwise; the other
    tasks run on. Leaving an `async with` block calls `aclose`.

    Not thread-safe: make it and use it in one running loop. Works on
    every platform. `len` counts the tasks that have not ended.
    """

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._tasks: "Set[asyncio.Task[Any]]" = set()
        self._closed = False

    def __len__(self) -> int:
        return len(self._tasks)

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
        """Start a coroutine in the background, as a task.

        Whoever awaits the task gets its exception as well.

        Raises:
            RuntimeError: `aclose` was called, or this is another
                loop or thread. The coroutine is closed.
        """
        try:
            self._check_loop()
            if self._closed:
                raise RuntimeError("these tasks are closed")
        except RuntimeError:
            work.close()  # else Python warns that it was not awaited
            raise
        task = self._loop.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    async def aclose(self) -> None:
        """Cancel all tasks, once, and return when they have ended.

        When the caller is cancelled meanwhile, the request goes on
        to the caller at once. The tasks were asked already, and
        finish their cleanup alone, held by this object. A task that
        refuses to stop is waited for as long as it runs: put the
        call into a timeout to give up. Called again, it only waits.

        Raises:
            RuntimeError: The caller is one of the tasks, which would
                wait for itself, or this is another loop. Nothing is
                cancelled or closed.
        """
        self._check_loop()
        if asyncio.current_task() in self._tasks:
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
