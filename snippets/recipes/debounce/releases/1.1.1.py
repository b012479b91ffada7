# SPDX-License-Identifier: 0BSD
# Recipe: debounce 1.1.1
# Source: Please Stop, recipes/debounce
# Python: 3.10 or newer
"""Run an async function once, when a burst of calls is over."""

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import copy_context
from functools import partial, update_wrapper
from typing import Any, Generic, ParamSpec

P = ParamSpec("P")
Func = Callable[P, Awaitable[object]]


def debounce(delay: float) -> "Callable[[Func[P]], Debounced[P]]":
    """Run an async function `delay` seconds after its last call.

    A call returns at once; a run never begins within it. The last
    call's arguments and context variables count. Runs never overlap.
    The loop's exception handler gets what a run raises, and a
    CancelledError that `stop` did not cause. A loop that ends drops
    what is due. Use it in one loop and thread; wrap bound methods only.
    """
    return lambda function: Debounced(delay, function)


class Debounced(Generic[P]):
    def __init__(self, delay: float, function: Func[P]) -> None:
        update_wrapper(self, function, updated=())
        self._delay, self._function = delay, function
        self._task: asyncio.Task[None] | None = None
        self._job: partial[Awaitable[object]] | None = None

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> None:
        loop = asyncio.get_running_loop()
        if not self._busy():
            self._stopping, self._now = False, loop.create_future()
            self._run: asyncio.Task[Any] | None = None
            self._task = loop.create_task(self._work(loop))
        if not self._stopping:
            self._due = loop.time() + self._delay
            self._job = partial(self._function, *args, **kwargs)
            self._context = copy_context()

    async def flush(self) -> None:
        """Run what is due now; wait until nothing is due or runs.

        A cancelled caller stops waiting. RuntimeError in the function.
        """
        await self._finish(stop=False)

    async def stop(self) -> None:
        """As `flush`, but drop what is due, and cancel a run once."""
        await self._finish(stop=True)

    async def _finish(self, stop: bool) -> None:
        if not (task := self._busy()):
            return
        if self._run is asyncio.current_task() is not None:
            raise RuntimeError("the function would wait for itself")
        if stop and not self._stopping:
            self._stopping, self._job = True, None
            if self._run:
                self._run.cancel()
        if (stop or self._job) and not self._now.done():
            self._now.set_result(None)
        await asyncio.wait({task})

    def _busy(self) -> "asyncio.Task[None] | None":
        task = self._task
        if not task or task.done() or task.get_loop().is_closed():
            return None
        if task.get_loop() is not asyncio.get_running_loop():
            raise RuntimeError("in use by another loop")
        return task

    async def _work(self, loop: asyncio.AbstractEventLoop) -> None:
        await asyncio.sleep(0)  # an eager task starts in the call
        while job := self._job:
            left = self._due - loop.time()
            if left > 0 and not self._now.done():
                await asyncio.wait({self._now}, timeout=left)
                continue
            self._job, self._now = None, loop.create_future()
            new, run = loop.create_task, self._call(job)
            self._run = self._context.run(new, run)
            await asyncio.wait({self._run})
            self._run = None  # else asyncio would report it late

    async def _call(self, job: partial[Any]) -> None:
        self._run = asyncio.current_task()  # if it began eagerly
        try:
            await job()
        except (Exception, asyncio.CancelledError) as error:
            if not self._stopping or isinstance(error, Exception):
                asyncio.get_running_loop().call_exception_handler(
                    {"message": "a run failed", "exception": error}
                )
