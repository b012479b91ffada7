# SPDX-License-Identifier: 0BSD
# Recipe: stoppable_thread 1.0.3
# Source: Please Stop, recipes/stoppable-thread
# Python: 3.8 or newer
"""A thread with a stop method, and an attribute for its exception."""

import os
import threading
from typing import Callable, Optional


class StoppableThread(threading.Thread):
    """A thread whose target gets the event that stops it.

    The target waits on that event instead of sleeping, or checks it
    between two pieces of work, and returns when it is set.

    A `with` block starts the thread. The end of the block stops it and
    waits for it, without a limit, also if the block raises. On POSIX,
    Ctrl-C interrupts that wait, and the thread ends later by itself.

    `threading.excepthook` reports what the target raises, as for every
    thread. A subclass that overrides `run` checks `stopping` itself.
    Call it from any thread, but not from a signal handler or
    `__del__`: the lock in an event is not reentrant. Any platform.

    Attributes:
        stopping: The event that `stop()` sets.
        exception: What the target raised; None if it did not.
    """

    def __init__(
        self,
        target: Callable[[threading.Event], object],
        *,
        name: Optional[str] = None,
        daemon: Optional[bool] = None,
    ) -> None:
        self._pid = os.getpid()
        self.stopping = threading.Event()
        self.exception: Optional[BaseException] = None
        self._target_ended = threading.Event()
        super().__init__(
            None, target, name, (self.stopping,), daemon=daemon
        )

    def run(self) -> None:
        try:
            if not self.stopping.is_set():
                super().run()
        except BaseException as error:
            self.exception = error
            raise
        finally:
            self._target_ended.set()

    def stop(self) -> None:
        """Set the event, and return without waiting.

        A thread stopped before it begins never calls its target. In a
        forked child, the parent's threads are not touched.
        """
        forked = self._pid != os.getpid() and self.ident is not None
        if not forked or self in threading.enumerate():
            self.stopping.set()  # else the lock in it may be held

    def stop_and_join(self, timeout: "float | None" = None) -> bool:
        """Set the event, then wait until the thread has ended.

        Args:
            timeout: Seconds to wait for the target. None, or more than
                `threading.TIMEOUT_MAX`: no limit; zero, less: no wait.

        Returns:
            True if the thread has ended; False if the target runs on.

        Raises:
            RuntimeError: The thread was not started, or it is this one.
        """
        self.stop()
        self.join(0)  # raises where waiting makes no sense
        endless = timeout and timeout > threading.TIMEOUT_MAX
        limit = None if endless else timeout
        # Not join alone: a Ctrl-C in it breaks is_alive (gh-90882).
        own = self.run == StoppableThread.run.__get__(self)
        if own and self in threading.enumerate():  # and not forked
            if not self._target_ended.wait(limit):
                return False
            limit = None
        self.join(limit)
        return not self.is_alive()

    def __enter__(self) -> "StoppableThread":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop_and_join()
