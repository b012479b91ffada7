# SPDX-License-Identifier: 0BSD
# Recipe: loop_timer 1.0.0
# Source: Please Stop, recipes/loop-timer
# Python: 3.8 or newer
"""`loop.call_later()` that can be restarted, and tells what it did."""

import asyncio
from typing import Callable, Optional


class LoopTimer:
    """Calls a function in the loop, a while after the last restart.

    A restart moves the deadline; the loop holds one handle, however
    often that happens. An exception of the function goes to the
    exception handler of the loop, and the timer stays usable. The
    function runs in the context of the restart that armed the timer.

    Make it in its loop, and use it there or while the loop does not
    run. Not thread-safe, but it notices: from another thread use
    `loop.call_soon_threadsafe(timer.restart)`. It keeps no loop
    running, and a loop that closes drops it. Works on every platform.

    Args:
        delay: Seconds from the last restart to the call. Zero and
            less call in the next iteration of the loop.
        function: Called without arguments; no coroutine function.

    Raises:
        RuntimeError: No loop is running.
    """

    def __init__(
        self, delay: float, function: Callable[[], object]
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._delay, self._function = delay, function
        self._due = 0.0
        self._handle: Optional[asyncio.TimerHandle] = None

    def restart(self) -> None:
        """Arm the timer, or push it back if it is armed.

        Raises:
            RuntimeError: The loop is closed, or runs elsewhere.
        """
        self._check()
        self._due = self._loop.time() + self._delay
        if self._handle is None or self._loop.is_closed():
            self._handle = self._loop.call_at(self._due, self._fire)

    def cancel(self) -> bool:
        """Disarm the timer.

        Returns:
            True if that prevented a call, False if none was due.

        Raises:
            RuntimeError: The loop runs elsewhere.
        """
        self._check()
        handle, self._handle = self._handle, None
        if handle is None or self._loop.is_closed():
            return False
        handle.cancel()
        return True

    def _check(self) -> None:
        try:
            here = asyncio.get_running_loop() is self._loop
        except RuntimeError:  # no loop runs in this thread
            here = not self._loop.is_running()
        if not here:
            raise RuntimeError("use loop.call_soon_threadsafe()")

    def _fire(self) -> None:
        handle, self._handle = self._handle, None
        # Asks the handle, not the clock: a loop may be a bit early.
        if handle is not None and handle.when() < self._due:
            self._handle = self._loop.call_at(self._due, self._fire)
        else:
            self._function()
