# SPDX-License-Identifier: 0BSD
# Recipe: stoppable_thread 1.0.0
# Source: Please Stop, recipes/stoppable-thread
# Python: 3.8 or newer
"""A thread that can be asked to stop, and that tells how it ended."""

import threading
from typing import Callable, Optional


class StoppableThread(threading.Thread):
    """A thread whose target is given the event that asks it to stop.

    The target waits on that event where it would sleep, or looks at it
    between two pieces of work, and returns once it is set. Nothing
    stops a target that does neither.

    As a context manager it starts on entering. On leaving it is asked
    to stop and waited for, without a limit, also if the block raises.
    On POSIX, Ctrl-C during that wait goes on; the thread ends alone.

    What the target raises is reported by `threading.excepthook`, as
    for every thread, and kept in `exception`; no call here raises it.

    Call it from any thread, but not from a signal handler or
    `__del__`: the lock in an event is not reentrant. Any platform.

    Attributes:
        stopping: The event. Set once somebody has asked.
        exception: What the target raised; None as long as it runs, and
            if it returned.
    """

    def __init__(
        self,
        target: Callable[[threading.Event], object],
        *,
        name: Optional[str] = None,
        daemon: Optional[bool] = None,
    ) -> None:
        """Prepare a thread with the arguments of `threading.Thread`."""
        self.stopping = threading.Event()
        self.exception: Optional[BaseException] = None
        self._target_ended = threading.Event()
        args = (self.stopping,)
        super().__init__(None, target, name, args, daemon=daemon)

    def run(self) -> None:
        """Call the target; `start` does this in the new thread."""
        try:
            if not self.stopping.is_set():
                super().run()
        except BaseException as error:
            self.exception = error
            raise
        finally:
            self._target_ended.set()

    def stop(self) -> None:
        """Ask the thread to stop, and return without waiting.

        Asked before it has begun, it never calls its target. The
        target may ask its own thread. Asking again changes nothing.
        """
        self.stopping.set()

    def stop_and_join(
        self, timeout: Optional[float] = None
    ) -> bool:
        """Ask the thread to stop, and wait until it has ended.

        Args:
            timeout: Seconds to wait for the target at most; without it
                as long as it takes, for zero and less not at all.

        Returns:
            True if the thread has ended; False if the target still
            runs, which it may go on doing for as long as it likes.

        Raises:
            RuntimeError: The thread was not started, or is the current
                one. It has been asked all the same.
        """
        self.stop()
        self.join(0)  # raises where waiting makes no sense
        # Not join(timeout): when Ctrl-C interrupts it, Python 3.9 to
        # 3.12 takes the thread for ended while it runs (gh-90882).
        if ended := self._target_ended.wait(timeout):
            self.join()
        return ended

    def __enter__(self) -> "StoppableThread":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop_and_join()
