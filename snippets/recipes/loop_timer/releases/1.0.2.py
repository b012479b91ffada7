# SPDX-License-Identifier: 0BSD
# Recipe: loop_timer 1.0.2
# Source: Please Stop, recipes/loop-timer
# Python: 3.8 or newer
"""A `loop.call_later()` that can be restarted."""

import asyncio
from math import isnan
from typing import Callable, Optional


class LoopTimer:
    """Calls a function in the loop, a while after the last restart.

    A restart moves the deadline. The loop holds one handle, however
    often the timer is restarted, but asyncio may keep the handle of a
    cancelled timer until it is due. The function runs in the context
    of the restart that armed the timer. The loop's exception handler
    gets what it raises, except SystemExit and KeyboardInterrupt, which
    leave the loop; the timer stays usable.

    Create it in its loop. Use it there, or, while its loop does not
    run, where no other loop runs. Not thread-safe: from another thread, call
    `loop.call_soon_threadsafe(timer.restart)`. An armed timer does
    not keep a loop running; a closed loop drops the call. Works on
    every platform, and on uvloop.

    Args:
        delay: Seconds from the last restart to the call. With zero
            or less, the loop calls in its next iteration, or in a
            later one if the timer is restarted before.
        function: A plain function, called without arguments.

    Raises:
        RuntimeError: No loop is running.
        ValueError: The delay is NaN.
    """

    def __init__(
        self, delay: float, function: Callable[[], object]
    ) -> None:
        if isnan(delay):
            raise ValueError("delay must not be NaN")
        self._loop = asyncio.get_running_loop()
        self._delay, self._function = float(delay), function
        self._due = self._handle_due = 0.0
        self._handle: Optional[asyncio.TimerHandle] = None

    def restart(self) -> None:
        """Arm the timer, or push it back if it is armed.

        Raises:
            RuntimeError: The loop is closed, or runs in another thread,
                or another loop runs here.
        """
        self._check()
        self._due = self._loop.time() + self._delay
        if self._handle is None or self._loop.is_closed():
            self._arm()

    def cancel(self) -> bool:
        """Disarm the timer.

        Returns:
            True if that prevented a call, False if the timer was not
            armed.

        Raises:
            RuntimeError: The loop runs in another thread, or another
                loop runs here.
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

    def _arm(self) -> None:
        self._handle_due = self._due
        self._handle = self._loop.call_at(self._due, self._fire)

    def _fire(self) -> None:
        self._handle = None
        # Compares no clock: a loop may call a bit early.
        if self._handle_due < self._due:
            self._arm()
        else:
            self._function()
