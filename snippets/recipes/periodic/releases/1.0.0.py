# SPDX-License-Identifier: 0BSD
# Recipe: periodic 1.0.0
# Source: Please Stop, recipes/periodic
# Python: 3.8 or newer
"""Call an async function again and again, until it is stopped."""

import asyncio
from typing import Awaitable, Callable, Optional


class Periodic:
    """Calls an async function every so many seconds, in one task.

    Calls do not drift: they keep to the beat `start + n * interval`.
    They never overlap: beats that pass during a call are skipped.
    An `Exception` of the function goes to the exception handler of
    the loop at once, and the next call comes on its beat. If the
    function lets a `CancelledError` out, that ends the ticking.

    `async with Periodic(5, poll):` starts it; leaving stops it.
    Keep the object while it ticks. Not thread-safe: use it in one
    loop. Works on every platform.

    Args:
        interval: Seconds from beat to beat.
        function: Called without arguments, and awaited.

    Raises:
        ValueError: The interval is zero, less, or infinite.
    """

    def __init__(
        self,
        interval: float,
        function: Callable[[], Awaitable[object]],
    ) -> None:
        if not 0 < interval < float("inf"):
            raise ValueError("the interval is not above zero")
        self._interval = interval
        self._function = function
        self._task: "Optional[asyncio.Task[None]]" = None

    def start(self) -> None:
        """Begin to tick; the first call comes after one interval.

        RuntimeError if it ticks already, or no loop is running.
        """
        loop = asyncio.get_running_loop()
        if self._task is not None and not self._task.done():
            raise RuntimeError("it ticks already")
        self._last = self._asked = False
        self._task = loop.create_task(self._tick(loop.time()))

    async def stop(self) -> None:
        """Cancel the ticking, and return when it has ended.

        A call in progress is cancelled once and waited for with its
        cleanup. It is the last even if it refuses: put this into a
        timeout to give up waiting. From the function itself it
        returns at once, and that call is the last.
        When the caller is cancelled meanwhile, once or twice, that
        gets through at once, and the call cleans up alone; another
        `stop()` waits for it and does not disturb it.
        From another loop it is a RuntimeError; the ticking goes on.
        """
        task = self._task
        if task is None or task.done():
            return
        if task.get_loop() is not asyncio.get_running_loop():
            raise RuntimeError("it ticks in another loop")
        self._last = True
        if task is asyncio.current_task():
            return
        if not self._asked:
            self._asked = True
            task.cancel()
        await asyncio.wait({task})

    async def __aenter__(self) -> "Periodic":
        self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def _tick(self, start: float) -> None:
        loop = asyncio.get_running_loop()
        beat = 0
        while not self._last:
            # A sleep may end a bit early: no beat comes twice.
            passed = int((loop.time() - start) // self._interval)
            beat = max(beat, passed) + 1
            due = start + beat * self._interval
            await asyncio.sleep(due - loop.time())
            try:
                await self._function()
            except Exception as error:
                loop.call_exception_handler(
                    {"message": "a call failed", "exception": error}
                )
