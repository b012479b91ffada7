# SPDX-License-Identifier: 0BSD
# Recipe: single_flight 1.0.3
# Source: Please Stop, recipes/single-flight
# Python: 3.8 or newer
"""Let many tasks wait for one running call, which none of them owns."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from functools import partial
from types import TracebackType
from typing import Any, Dict, Generic, Optional, Set, TypeVar

T = TypeVar("T")


class _Call(Generic[T]):
    def __init__(self, place: Any, task: "asyncio.Task[T]") -> None:
        self.place = place
        self.task = task
        self.waiters: "Dict[asyncio.Future[None], None]" = {}
        self.traceback: Optional[TracebackType] = None


class SingleFlight(Generic[T]):
    """Calls that are shared while they run; no result is kept.

    Not thread-safe; each loop has its own calls. For any platform.
    """

    def __init__(self) -> None:
        self._calls: "Dict[Any, _Call[T]]" = {}
        self._running: "Set[_Call[T]]" = set()  # kept alive

    async def run(
        self, key: Hashable, function: "Callable[[], Awaitable[T]]"
    ) -> T:
        """Wait for the running call of `key`, or start one.

        The call is a task of its own, with a copy of the context
        variables of the caller that starts it. A caller that is
        cancelled, also by a timeout, leaves the others alone. When the
        last caller is cancelled, it cancels the call once, and waits
        for it; then CancelledError is raised, whatever the call
        returns. A second cancellation ends the wait, and the call
        cleans up alone. `run` does not join a call that was left so.

        Args:
            key: Compared like a key of a dict.
            function: Makes the call, unless one of `key` is running.

        Raises:
            BaseException: What the call raised: one object for all.
                If it reaches no caller, asyncio reports it.
            CancelledError: The caller or the call was cancelled.
            RuntimeError: The call's own task asks for its key. A circle
                through other tasks is not found: it outlives callers.
        """
        place = asyncio.get_running_loop(), key
        call = self._calls.get(place)
        if call is None or not call.waiters or call.task.done():
            call = _Call(place, asyncio.create_task(_run(function)))
            call.task.add_done_callback(partial(self._end, call))
            self._calls[place] = call
            self._running.add(call)
        elif call.task is asyncio.current_task():
            raise RuntimeError("a call cannot wait for its own end")
        waiter = place[0].create_future()
        error: Optional[BaseException] = None
        try:
            call.waiters[waiter] = None
            await waiter
        finally:
            call.waiters.pop(waiter, None)
            if not (call.waiters or call.task.done()):
                call.task.cancel()
                await asyncio.wait({call.task})
        try:
            if call.task.cancelled():
                raise asyncio.CancelledError("call cancelled")
            error = call.task.exception()
            if error is None:
                return call.task.result()
            call.traceback = call.traceback or error.__traceback__
            raise error.with_traceback(call.traceback)
        finally:
            del call, error  # or they form a cycle with this frame

    def _end(self, call: "_Call[T]", _: object) -> None:
        self._running.discard(call)
        for waiter in call.waiters:
            if not waiter.done():
                waiter.set_result(None)
        if self._calls.get(call.place) is call:
            del self._calls[call.place]


async def _run(function: "Callable[[], Awaitable[T]]") -> T:
    for _ in range(2):  # an eager task has begun inside `run`
        await asyncio.sleep(0)
    return await function()
