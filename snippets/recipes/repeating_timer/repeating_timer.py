# SPDX-License-Identifier: 0BSD
# Recipe: repeating_timer 1.0.0
# Source: Please Stop, recipes/repeating-timer
# Python: 3.8 or newer
"""Call a function again and again in a thread, until stopped."""

import threading
from contextlib import suppress
from contextvars import copy_context
from math import inf
from sys import exc_info
from threading import ExceptHookArgs, Lock, Thread, current_thread
from time import monotonic, sleep
from typing import Callable, Optional


class RepeatingTimer:
    """Calls a function every so many seconds, in one thread.

    Calls keep to the beat `start + n * interval`, and never overlap:
    beats that pass during a call are skipped. `threading.excepthook`
    gets what a call raises, and the next call comes on its beat. Only
    SystemExit ends the timer, silently, as it ends any thread. Each
    call has its own copy of the creator's context variables.

    `with RepeatingTimer(5, poll):` starts it; leaving stops it. The
    program does not exit before that, unless `thread.daemon` is set:
    then it cuts a call off. Thread-safe; idle in a forked child.

    Args:
        interval: Seconds. ValueError below 1e-9, for infinity and NaN.
        function: Called without arguments.
    """

    def __init__(
        self, interval: float, function: Callable[[], object]
    ) -> None:
        if not 1e-9 <= interval < inf:
            raise ValueError("interval must be positive and finite")
        self._interval, self._function = interval, function
        self._context = copy_context()
        self.thread = Thread(target=self._run)
        self._running = Lock()  # held until `stop`
        self._running.acquire()

    def start(self) -> None:
        """Begin, once. The first call comes after one interval."""
        started = self.thread.ident
        try:
            self.thread.start()
        except BaseException:  # a Ctrl-C, when it may have begun
            if started is None:
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
        # No join: Ctrl-C in it makes is_alive() wrong (gh-90882).
        while (this := self.thread).is_alive():
            if this is current_thread() or not monotonic() < end:
                return False
            sleep(0.002)
        return True

    def __enter__(self) -> "RepeatingTimer":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self.stop()
        finally:
            self.stop(0)  # if a Ctrl-C came before it was stopped

    def _run(self) -> None:
        start, beat, every = monotonic(), 0.0, self._interval
        while True:
            beat = max(beat, (monotonic() - start) // every) + 1
            left = inf
            while left > 0:
                left = start + beat * every - monotonic()
                wait = min(max(left, 0), threading.TIMEOUT_MAX)
                if self._running.acquire(timeout=wait):
                    return
            try:
                self._context.copy().run(self._function)
            except SystemExit:
                return
            except BaseException:
                threading.excepthook(
                    ExceptHookArgs([*exc_info(), self.thread])
                )
