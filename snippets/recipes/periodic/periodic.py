# SPDX-License-Identifier: 0BSD
# Recipe: periodic 1.1.2
# Source: Please Stop, recipes/periodic
# Python: 3.8 or newer
"""Call an async function again and again, until it is stopped."""

import asyncio
from typing import Any, Awaitable, Callable, List, Optional

Function = Callable[[], Awaitable[object]]


class Periodic:
    """Calls an async function every so many seconds.

    Calls keep to the beat `start + n * interval`. They never overlap:
    beats that pass during a call are skipped. Each call is a task
    with the context variables that `start` saw. The loop's exception
    handler gets what a call raises, and a CancelledError not due to
    `stop`. Then the calls go on, unless all tasks were cancelled.
    `async with Periodic(5, poll):` starts it; leaving stops it.
    Keep the object while it ticks. Not thread-safe: use it in one loop.

    Args:
        interval: Seconds from beat to beat.
        function: Called without arguments, and awaited.

    Raises:
        ValueError: The interval is below 1e-9, infinite, or NaN.
        RuntimeError: `start`, if it ticks already, or without a loop.
    """

    def __init__(self, interval: float, function: Function) -> None:
        self._interval, self._function = float(interval), function
        if not 1e-9 <= self._interval < float("inf"):
            raise ValueError("the interval must be above zero")
        self._task: "Optional[asyncio.Task[None]]" = None
        self._call: "Optional[asyncio.Task[None]]" = None

    def _alive(self) -> "List[asyncio.Task[Any]]":
        # "Cancel all tasks" may end the ticking before the call.
        tasks = [task for task in (self._call, self._task) if task]
        tasks = [task for task in tasks if not task.done()]
        return [t for t in tasks if not t.get_loop().is_closed()]

    def start(self) -> None:
        """Begin to tick; the first call comes after one interval."""
        loop = asyncio.get_running_loop()
        if self._alive():
            raise RuntimeError("it ticks already")
        self._last = self._cancelled = False
        self._task = loop.create_task(self._tick(loop.time()))

    async def stop(self) -> None:
        """Cancel a call in progress; return when it has ended.

        It is cancelled once (up to 3.10, a shutdown may cancel it too),
        and is the last call, even if it suppresses that. A cancelled
        caller stops waiting at once. In the function itself, `stop`
        returns at once. RuntimeError in another loop.
        """
        alive, loop = self._alive(), asyncio.get_running_loop()
        if alive and alive[0].get_loop() is not loop:
            raise RuntimeError("it ticks in another loop")
        self._last = True
        if not alive or asyncio.current_task() in alive:
            return
        shutdown = getattr(alive[0], "cancelling", int)()
        if not self._cancelled and not shutdown:
            self._cancelled = True
            alive[0].cancel()
        await asyncio.wait(alive)

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
            await asyncio.wait({self._call})
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
