# SPDX-License-Identifier: 0BSD
# Recipe: repeating_timer 1.0.2
# Source: Please Stop, recipes/repeating-timer
# Python: 3.8 or newer
"""Call a function again and again in a thread, until stopped."""

import os
import threading
from contextlib import suppress
from contextvars import copy_context
from math import inf
from sys import exc_info, float_info
from threading import ExceptHookArgs, Lock, Thread, current_thread
from time import monotonic, sleep
from typing import Callable, Optional


class RepeatingTimer:
    """Calls a function every so many seconds, in one thread.

    Calls keep to the beat `start + n * interval` and never overlap:
    beats that pass in a call are skipped. `threading.excepthook` gets
    what a call raises; the next call comes on its beat. Only SystemExit
    ends it, silently. Each call has a copy of the creator's context.

    `with RepeatingTimer(5, poll):` starts it; leaving stops it. The
    program does not exit before that, unless `thread.daemon` is set:
    then it cuts a call off. Thread-safe. Its copy in a fork is idle.

    Args:
        interval: Seconds. ValueError below 1e-9, for infinity and NaN.
        function: Called without arguments.
    """

    def __init__(
        self, interval: float, function: Callable[[], object]
    ) -> None:
        if not 1e-9 <= interval <= float_info.max:
            raise ValueError("interval must be positive and finite")
        self._every, self._function = float(interval), function
        self._context, self._once = copy_context(), Lock()
        self.thread = Thread(target=self._run, daemon=False)
        self._running = Lock()  # held until `stop`
        self._running.acquire()

    def start(self) -> "RepeatingTimer":
        """Begin, once. The first call comes after one interval."""
        if not self._once.acquire(False):
            raise RuntimeError("a timer can only be started once")
        try:
            self.thread.start()
            return self
        except BaseException:  # a Ctrl-C, when it may have begun
            self.stop(0)
            raise

    def stop(self, timeout: Optional[float] = None) -> bool:
        """Let no call begin any more; wait for one in progress.

        True if the thread has ended, False if the call runs on: after
        `timeout` seconds, or in the function. Ctrl-C ends the wait
        only. `stop(0)` does not wait, and suits signal handlers.
        """
        with suppress(RuntimeError):  # it is stopped
            self._running.release()
        end = monotonic() + (inf if timeout is None else timeout)
        while (this := self.thread).is_alive():
            if this is current_thread() or not monotonic() < end:
                return False
            sleep(0.002)  # Ctrl-C in a join breaks it (gh-90882)
        return True

    def __enter__(self) -> "RepeatingTimer":
        return self.start()

    def __exit__(self, *_: object) -> None:
        try:
            self.stop()
        finally:
            self.stop(0)  # if a Ctrl-C came before it was stopped

    def _run(self) -> None:
        start, n, pid = monotonic(), 0.0, os.getpid()
        while pid == os.getpid():  # a forked child ends
            n = max(n, (monotonic() - start) // self._every) + 1
            left = inf
            while left > 0:
                left = start + n * self._every - monotonic()
                wait = min(max(left, 0), threading.TIMEOUT_MAX)
                if self._running.acquire(timeout=wait):
                    return
            try:
                self._context.copy().run(self._function)
            except SystemExit:
                return
            except BaseException:
                with suppress(BaseException):  # of the hook
                    threading.excepthook(
                        ExceptHookArgs([*exc_info(), self.thread])
                    )
