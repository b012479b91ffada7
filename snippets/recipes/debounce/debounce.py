# SPDX-License-Identifier: 0BSD
# Recipe: debounce 2.0.0
# Source: Please Stop, recipes/debounce
# Python: 3.11 or newer
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
    gets what a run raises, and a CancelledError not due to `stop`. Use
    one loop (or RuntimeError) until it closes and drops what is due.

    Args:
        delay: Seconds; with `math.inf`, only `flush` runs the function.
    """
    return lambda function: Debounced(float(delay), function)


class Debounced(Generic[P]):
    def __init__(self, delay: float, function: Func[P]) -> None:
        update_wrapper(self, function, updated=())
        self._delay, self._function = delay, function
        self._task: asyncio.Task[None] | None = None
        self._run: asyncio.Task[None] | None = None
        self._job: partial[Awaitable[object]] | None = None

    def _worker(self, start: bool = False) -> Any:
        task, loop = self._task, asyncio.get_running_loop()
        if task and task.get_loop() is not loop:
            if not task.get_loop().is_closed():
                raise RuntimeError("in use by another loop")
            task = self._run = self._job = None
        mine = self._run is asyncio.current_task() is not None
        if mine and not start:
            raise RuntimeError("it would wait for itself")
        if not task or task.done():
            if not (start or self._job or self._run):
                return None
            self._stopping, self._nap = False, loop.create_future()
            self._task = loop.create_task(self._work(loop))
        return self._task

    def __call__(self, /, *args: P.args, **kw: P.kwargs) -> None:
        loop = self._worker(start=True).get_loop()
        if not self._stopping:
            self._due = loop.time() + self._delay
            self._job = partial(self._function, *args, **kw)
            self._context = copy_context()

    async def flush(self) -> None:
        """Run what is due now; wait until nothing is due or runs."""
        while task := self._worker():  # again if a shutdown ends it
            if self._job or self._stopping:
                self._nap.cancel()
            await asyncio.wait({task})

    async def stop(self) -> None:
        """As `flush`, but drop what is due, and cancel a run once."""
        if self._worker() and not self._stopping:
            self._stopping, self._job = True, None
            if self._run and not self._run.cancelling():
                self._run.cancel()
        await self.flush()

    async def _work(self, loop: asyncio.AbstractEventLoop) -> None:
        await asyncio.sleep(0)  # an eager task starts in the call
        while self._run or self._job:
            left = self._due - loop.time()
            if self._run:  # perhaps from before a shutdown
                await asyncio.wait({self._run})
                self._run = None  # or asyncio reports it late
            elif left > 0 and not self._nap.done():
                await asyncio.wait({self._nap}, timeout=left)
            elif job := self._job:
                self._nap = loop.create_future()
                new, run = loop.create_task, self._call(loop, job)
                self._run = self._context.run(new, run)

    async def _call(self, loop: Any, job: Any) -> None:
        self._run = asyncio.current_task()  # if it began eagerly
        self._job = None if self._job is job else self._job
        try:
            await job()
        except (Exception, asyncio.CancelledError) as error:
            if not self._stopping or isinstance(error, Exception):
                loop.call_exception_handler(
                    {"message": "a run failed", "exception": error}
                )
