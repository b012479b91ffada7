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

    A call returns at once. The last call's arguments and context
    variables count. Runs never overlap. The loop's exception handler
    gets what a run raises, and a CancelledError not due to `stop`. A
    loop that ends drops what is due. Use one loop; wrap bound methods.
    """
    return lambda function: Debounced(delay, function)


class Debounced(Generic[P]):
    def __init__(self, delay: float, function: Func[P]) -> None:
        update_wrapper(self, function, updated=())
        self._delay, self._function = delay, function
        self._task: asyncio.Task[None] | None = None
        self._job: partial[Awaitable[object]] | None = None

    def _worker(self, start: bool = False) -> Any:
        task, loop = self._task, asyncio.get_running_loop()
        if task and task.get_loop().is_closed():
            task = self._job = None
        if task and not task.done():
            if task.get_loop() is not loop:
                raise RuntimeError("in use by another loop")
            return task
        if not start and not self._job:
            return None
        self._stopping, self._now = False, loop.create_future()
        self._run: asyncio.Task[Any] | None = None
        self._task = loop.create_task(self._work(loop))
        return self._task

    def __call__(self, /, *args: P.args, **kw: P.kwargs) -> None:
        loop = self._worker(start=True).get_loop()
        if not self._stopping:
            self._due = loop.time() + self._delay
            self._job = partial(self._function, *args, **kw)
            self._context = copy_context()

    async def flush(self, _stop: bool = False) -> None:
        """Run what is due now; wait until nothing is due or runs."""
        while task := self._worker():  # again if a shutdown ends it
            if self._run is asyncio.current_task() is not None:
                raise RuntimeError("it would wait for itself")
            if _stop and not self._stopping:
                self._stopping, self._job = True, None
                shutdown = getattr(task, "cancelling", int)()
                if self._run and not shutdown:
                    self._run.cancel()
            if (_stop or self._job) and not self._now.done():
                self._now.set_result(None)
            await asyncio.wait({task})

    async def stop(self) -> None:
        """As `flush`, but drop what is due, and cancel a run once."""
        await self.flush(_stop=True)

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
            try:
                await asyncio.wait({self._run})
            except asyncio.CancelledError:  # a shutdown
                await asyncio.wait({self._run})
                raise
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
