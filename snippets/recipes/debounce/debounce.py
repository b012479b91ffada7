# SPDX-License-Identifier: 0BSD
# Recipe: debounce 1.0.0
# Source: Please Stop, recipes/debounce
# Python: 3.10 or newer
"""Await a function once, when a burst of calls is over."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Generic, ParamSpec

P = ParamSpec("P")


def debounce(
    delay: float,
) -> "Callable[[Callable[P, Awaitable[object]]], Debounced[P]]":
    """Let an async function run when no call came for `delay` seconds.

    A call returns at once; the arguments of the last one win. Runs
    never overlap: what becomes due in one follows it. An `Exception`
    goes to the exception handler of the loop. A `CancelledError` that
    the function lets out drops what is due. Not thread-safe. One loop
    at a time: while in use, RuntimeError in another. For a method
    use `self.save = debounce(1)(self._save)`. Works on every platform.

    Args:
        delay: Seconds; zero and less run soon, never in the call.
    """
    return lambda function: Debounced(delay, function)


class Debounced(Generic[P]):
    """What `debounce` makes of a function."""

    def __init__(
        self, delay: float, function: Callable[P, Awaitable[object]]
    ) -> None:
        self._delay, self._function = delay, function
        self._job: Callable[[], Awaitable[object]] | None = None
        self._task: asyncio.Task[None] | None = None

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> None:
        loop = asyncio.get_running_loop()
        if self._running() is None:
            self._asked = False
            self._hurry: asyncio.Future[None] = loop.create_future()
            self._task = loop.create_task(self._work(loop))
        self._due = loop.time() + self._delay
        self._job = partial(self._function, *args, **kwargs)

    async def flush(self) -> None:
        """Run what is due now, and wait until nothing is due or runs.

        Cancelling the caller, once or twice, ends its waiting, not
        the run. RuntimeError in the function, or in another loop.
        """
        if (task := self._running(outside=True)) is not None:
            if self._job is not None and not self._hurry.done():
                self._hurry.set_result(None)
            await asyncio.wait({task})

    async def stop(self) -> None:
        """Drop what is due, cancel a run, and wait for its cleanup.

        A run is cancelled once, by however many; calls meanwhile are
        dropped. Otherwise as `flush`.
        """
        if (task := self._running(outside=True)) is not None:
            if not self._asked:
                self._asked = task.cancel()
            await asyncio.wait({task})

    def _running(
        self, outside: bool = False
    ) -> "asyncio.Task[None] | None":
        task = self._task
        if task is None or task.done():
            return None
        if task.get_loop() is not asyncio.get_running_loop():
            raise RuntimeError("in use by another loop")
        if outside and task is asyncio.current_task():
            raise RuntimeError("the function would wait for itself")
        return task

    async def _work(self, loop: asyncio.AbstractEventLoop) -> None:
        while (job := self._job) and not self._asked:
            left = self._due - loop.time()
            if left > 0 and not self._hurry.done():
                await asyncio.wait({self._hurry}, timeout=left)
                continue
            self._job, self._hurry = None, loop.create_future()
            try:
                await job()
            except Exception as error:
                loop.call_exception_handler(
                    {"message": "a run failed", "exception": error}
                )
