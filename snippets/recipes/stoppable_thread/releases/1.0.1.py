# SPDX-License-Identifier: 0BSD
# Recipe: stoppable_thread 1.0.1
# Source: Please Stop, recipes/stoppable-thread
# Python: 3.8 or newer
"""A thread with a stop method, and an attribute for its exception."""

import math
import os
import threading
from typing import Callable, Optional


class StoppableThread(threading.Thread):
    """A thread whose target gets the event that stops it.

    The target waits on that event instead of sleeping, or checks it
    between two pieces of work, and returns when it is set. A target
    that does neither cannot be stopped.

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

        A thread stopped before it begins never calls its target.
        """
        self.stopping.set()

    def stop_and_join(self, timeout: "float | None" = None) -> bool:
        """Set the event, and wait until the thread has ended.

        Args:
            timeout: Seconds to wait for the target; without a limit
                for None and math.inf, not at all for zero and less.

        Returns:
            True if the thread has ended; False if the target still
            runs. It may run on for as long as it likes.

        Raises:
            RuntimeError: The thread was not started, or is the current
                one. The event is set nevertheless.
        """
        self.stop()
        self.join(0)  # raises where waiting makes no sense
        limit = None if timeout == math.inf else timeout
        # Not join alone: after a Ctrl-C in it, Python 3.9 to 3.12 takes
        # a running thread for ended (gh-90882).
        own = type(self).run is StoppableThread.run
        if own and self._pid == os.getpid():  # and not after a fork
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
