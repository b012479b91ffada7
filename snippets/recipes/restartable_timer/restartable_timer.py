# SPDX-License-Identifier: 0BSD
# Recipe: restartable_timer 1.0.1
# Source: Please Stop, recipes/restartable-timer
# Python: 3.8 or newer
"""A timer in a thread that can be restarted, again and again."""

from math import inf, isnan
from threading import TIMEOUT_MAX, Condition, RLock, Thread
from time import monotonic
from typing import Callable, Optional


class RestartableTimer:
    """Calls a function in a thread, a while after the last restart.

    One thread waits and calls, and ends when nothing is due. Calls
    never overlap: what becomes due during a call follows at once. If
    the function raises, `threading.excepthook` gets that. The program
    waits for an armed timer at its end, unless `daemon` is set.
    Leaving a `with` block of the timer cancels and joins; a later
    restart does nothing. Use it in any thread, not across a fork.

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
        self._delay, self._function = delay, function
        self._lock = RLock()  # Ctrl-C cannot keep it locked
        self._changed = Condition(self._lock)
        self._due = inf  # nothing is due
        self._thread: Optional[Thread] = None
        self._running = self._closed = False

    def restart(self) -> None:
        """Arm the timer, or push it back if it is armed."""
        with self._lock:
            if not self._closed:
                self._run_in_thread()
                self._due = monotonic() + self._delay

    def cancel(self) -> bool:
        """Disarm it; return whether that prevented a call."""
        with self._lock:
            armed, self._due = self._due < inf, inf
            self._changed.notify()
            return armed

    def join(self, timeout: Optional[float] = None) -> bool:
        """Wait until no call is due or in progress.

        False after `timeout` seconds; RuntimeError in the function.
        """
        end = inf if timeout is None else monotonic() + timeout
        seen = None
        while (thread := self._thread) and thread is not seen:
            left = max(0, end - monotonic())
            thread.join(None if left > 4e6 else left)  # 46 days
            if thread.is_alive():
                return False
            seen = thread
        return True

    def __enter__(self) -> "RestartableTimer":
        return self

    def __exit__(self, *_: object) -> None:
        self._closed = True
        self.cancel()
        self.join()

    def _run_in_thread(self) -> None:
        if not self._running:
            thread = Thread(target=self._run, daemon=self.daemon)
            thread.start()
            self._thread, self._running = thread, True

    def _run(self) -> None:
        try:
            while self._wait():
                self._function()
        finally:
            with self._lock:
                self._running = False
                # An exception ends this thread, not what is due.
                if self._due < inf:
                    self._run_in_thread()

    def _wait(self) -> bool:
        with self._lock:
            while 0 < (left := self._due - monotonic()) < inf:
                self._changed.wait(min(left, TIMEOUT_MAX))
            return self.cancel()
