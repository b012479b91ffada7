# SPDX-License-Identifier: 0BSD
# Recipe: restartable_timer 1.0.3
# Source: Please Stop, recipes/restartable-timer
# Python: 3.8 or newer
"""A timer in a thread that can be restarted, again and again."""

import threading
from contextlib import suppress
from math import inf, isnan
from sys import exc_info
from threading import TIMEOUT_MAX, ExceptHookArgs, RLock, Thread
from time import monotonic
from typing import Callable, Optional


class RestartableTimer:
    """Calls a function in a thread, a while after the last restart.

    One thread waits and calls, and ends when nothing is due. Calls
    never overlap: what becomes due during a call follows at once.
    `threading.excepthook` gets what the function raises. The program
    waits for an armed timer at its end, unless `daemon` is set. Leaving
    a `with` block cancels, joins, and disables it. Not across a fork.
    The function gets a RuntimeError from `join` of its own timer.

    Args:
        delay: Seconds. Infinity never calls; NaN is a ValueError.
        function: Called without arguments.
    """

    daemon = False

    def __init__(
        self, delay: float, function: Callable[[], object]
    ) -> None:
        if isnan(delay):
            raise ValueError("delay must not be NaN")
        self._delay, self._function = float(delay), function
        self._lock = RLock()  # Ctrl-C cannot keep it locked
        self._changed = threading.Condition(self._lock)
        self._due = inf  # nothing is due
        idle = threading.Event()
        idle.set()
        self._last = Thread(), idle  # one value: `join` sees both

    def restart(self) -> None:
        """Arm the timer, or push it back if it is armed."""
        with self._lock:
            if self._last[1].is_set() and self._delay < inf:
                thread = Thread(None, self._run, daemon=self.daemon)
                thread.start()
                self._last = thread, threading.Event()
            self._due = monotonic() + self._delay

    def cancel(self) -> bool:
        """Disarm it; return whether that prevented a call."""
        with self._lock:
            armed, self._due = self._due < inf, inf
            self._changed.notify()
            return armed

    def join(self, timeout: Optional[float] = None) -> bool:
        """Wait until nothing is due or runs; False after `timeout`."""
        thread, idle = self._last
        if thread not in threading.enumerate():
            return True
        thread.join(0)  # raises in the function
        left = None if timeout is None or timeout > 4e6 else timeout
        if ended := idle.wait(left):
            thread.join()
        return ended

    def __enter__(self) -> "RestartableTimer":
        return self

    def __exit__(self, *_: object) -> None:
        self._delay = inf
        self.cancel()
        self.join()

    def _run(self) -> None:
        while self._wait():
            try:
                self._function()
            except BaseException:  # noqa: BLE001
                with suppress(BaseException):  # of a broken hook
                    threading.excepthook(
                        ExceptHookArgs([*exc_info(), self._last[0]])
                    )

    def _wait(self) -> bool:
        with self._lock:
            if threading.current_thread() is not self._last[0]:
                return False  # Ctrl-C in `restart`
            while 0 < (left := self._due - monotonic()) < inf:
                self._changed.wait(min(left, TIMEOUT_MAX))
            if not (armed := self.cancel()):
                self._last[1].set()
            return armed
