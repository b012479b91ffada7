# SPDX-License-Identifier: 0BSD
# Recipe: periodic 1.1.1
# Source: Please Stop, recipes/periodic
# Python: 3.8 or newer
"""Call an async function again and again, until it is stopped."""

import asyncio
from typing import Any, Awaitable, Callable, Optional


class Periodic:
    """Calls an async function every so many seconds.

    Calls keep to the beat `start + n * interval`. They never overlap:
    beats that pass during a call are skipped. Each call is a task
    with the context variables that `start` saw. If it ends with an
    exception that neither `stop` nor a shutdown of all tasks caused,
    the loop's exception handler gets it, and the calls go on.

    `async with Periodic(5, poll):` starts it; leaving stops it.
    Keep the object while it ticks. Not thread-safe: use it in one loop.

    Raises:
        ValueError: The interval is zero, less, infinite, or NaN.
        RuntimeError: `start`, if it ticks already, or without a loop.
    """

    def __init__(
        self,
        interval: float,
        function: Callable[[], Awaitable[object]],
    ) -> None:
        if not 0 < interval < float("inf"):
            raise ValueError("the interval must be above zero")
        self._interval, self._function = float(interval), function
        self._task: "Optional[asyncio.Task[None]]" = None

    def start(self) -> None:
        """Begin to tick; the first call comes after one interval."""
        loop = asyncio.get_running_loop()
        old = self._task
        if old and not (old.done() or old.get_loop().is_closed()):
            raise RuntimeError("it ticks already")
        self._last = self._cancelled = False
        self._call: "Optional[asyncio.Task[Any]]" = None
        self._task = loop.create_task(self._tick(loop.time()))

    async def stop(self) -> None:
        """Cancel a call in progress; return when it has ended.

        It is cancelled once (up to 3.10, a shutdown may cancel it too),
        and is the last call, even if it suppresses that. A cancelled
        caller stops waiting at once. In the function itself, `stop`
        returns at once. RuntimeError in another loop.
        """
        task = self._task
        if not task or task.done() or task.get_loop().is_closed():
            return
        if task.get_loop() is not asyncio.get_running_loop():
            raise RuntimeError("it ticks in another loop")
        self._last = True
        if self._call is asyncio.current_task() is not None:
            return
        shutdown = getattr(task, "cancelling", int)()
        if not self._cancelled and not shutdown:
            self._cancelled = True
            (self._call or task).cancel()
        await asyncio.wait({task})

    async def __aenter__(self) -> "Periodic":
        self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def _tick(self, start: float) -> None:
        loop = asyncio.get_running_loop()
        beat, every = 0.0, self._interval
        while not self._last:
            # A sleep may end a bit early: no beat comes twice.
            beat = max(beat, (loop.time() - start) // every) + 1
            await asyncio.sleep(start + beat * every - loop.time())
            self._call = loop.create_task(self._run(loop))
            while not self._call.done():
                try:
                    await asyncio.wait({self._call})
                except asyncio.CancelledError:  # a shutdown
                    self._last = self._cancelled = True
            self._call = None

    async def _run(self, loop: asyncio.AbstractEventLoop) -> None:
        self._call = asyncio.current_task()  # if it begins eagerly
        try:
            await self._function()
        except (Exception, asyncio.CancelledError) as error:
            if not self._cancelled or isinstance(error, Exception):
                loop.call_exception_handler(
                    {"message": "a call failed", "exception": error}
                )
