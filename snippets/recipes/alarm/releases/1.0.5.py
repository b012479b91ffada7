# SPDX-License-Identifier: 0BSD
# Recipe: alarm 1.0.5
# Source: Please Stop, recipes/alarm
# Python: 3.8 or newer
"""Limit the time of blocking code in the main thread."""

import math
import signal
import threading
from time import monotonic
from typing import Any, ContextManager, Optional


class _Expired(BaseException):
    """Not an Exception: `except Exception` does not catch it."""


class _Alarm(ContextManager[None]):
    def __init__(self, seconds: float) -> None:
        self._seconds, self._armed = seconds, False
        self._expired: Optional[_Expired] = None
        self._seen: Any = None

    def __enter__(self) -> None:
        if threading.current_thread() != threading.main_thread():
            raise RuntimeError("an alarm needs the main thread")
        if not self._seconds > 0:
            raise TimeoutError("no time left")
        if self._armed or self._expired:
            raise RuntimeError("this alarm is set already")
        self._deadline = monotonic() + self._seconds
        self._arm()

    def _arm(self) -> None:
        left, every = signal.setitimer(signal.ITIMER_REAL, 0)
        now, self._every = monotonic(), every
        self._outer = now + left if left or every else math.inf
        self._before = signal.signal(signal.SIGALRM, self._ring)
        self._armed = True
        # At most 1e8 seconds, the limit of BSD kernels. Then again and
        # again: a signal just before a wait does not end the wait.
        delay = min(min(self._outer, self._deadline) - now, 1e8)
        signal.setitimer(signal.ITIMER_REAL, max(delay, 1e-6), 0.01)

    def _restore(self) -> None:
        self._armed = False
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, self._before)
        left, every = self._outer - monotonic(), self._every
        if left <= 0:  # it is the outer alarm's turn
            signal.setitimer(signal.ITIMER_REAL, every, every)
            signal.raise_signal(signal.SIGALRM)
        elif left < math.inf:
            signal.setitimer(signal.ITIMER_REAL, left, every)

    def _ring(self, _: int, frame: Any) -> None:
        if frame and frame.f_locals.get("self") is self:
            return  # rings again in the block, or is restored
        module = frame and frame.f_globals.get("__name__")
        place = frame and (id(frame), frame.f_lasti)
        if module == "contextlib" and place != self._seen:
            self._seen = place  # a second time: it waits there
            return  # an ExitStack, which would not call __exit__
        self._restore()
        if monotonic() < self._deadline:
            self._arm()
            return
        self._expired = _Expired()
        raise self._expired

    def __exit__(self, *error: object) -> None:
        expired, self._expired = self._expired, None  # no cycle
        if self._armed:
            self._restore()
        elif expired and error[1] is expired:
            limit = f"took longer than {self._seconds} seconds"
            raise TimeoutError(limit) from expired


def alarm(seconds: float) -> "ContextManager[None]":
    """Return a context manager that ends its block after a time.

    It stops Python code and waits, but not a long call of C code. A
    private BaseException stops the block, once: a bare `except`, a
    callback from C such as `__del__`, or an event loop can lose it.
    The end of the block makes it a TimeoutError, unless it comes in
    that moment, on 3.8 and 3.9 or in a wrapper. While `await` or
    `yield` suspends the block, other code stops. Timer and handler are
    restored first, so an outer alarm of any kind still rings in time;
    the earlier wins. POSIX only. A Ctrl-C at its end can leave it set.

    Args:
        seconds: For the block; with zero, less or NaN it never begins.

    Raises:
        TimeoutError: It took longer, or did not begin.
        RuntimeError: Not the main thread, or it is set already. By the
            block: it just then began to wait for a lock (gh-78667).
    """
    return _Alarm(seconds)
