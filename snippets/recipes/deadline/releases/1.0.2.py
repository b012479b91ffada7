# SPDX-License-Identifier: 0BSD
# Recipe: deadline 1.0.2
# Source: Please Stop, recipes/deadline
# Python: 3.11 or newer
"""One time budget for many calls, blocking or awaited."""

import asyncio
import math
import time


class Deadline:
    """A point in time that many calls share as their limit.

    Create it once, where the work arrives, and pass it on instead of
    a number of seconds: each call gets what the earlier ones left.

    It never changes, so threads, tasks and loops can share it. It
    counts in `time.monotonic`, so setting the system's clock does not
    move it. To another process, send `remaining()`: there, that count
    may mean nothing. Works on every platform.

    Args:
        seconds: The budget, from now on. Zero or less is spent at
            once; None or infinity never ends.

    Raises:
        ValueError: `seconds` is not a number (NaN).
    """

    __slots__ = ("_end",)

    def __init__(self, seconds: float | None) -> None:
        if seconds is None:
            seconds = math.inf
        if math.isnan(seconds):
            raise ValueError("seconds must not be NaN")
        self._end = time.monotonic() + seconds

    def __repr__(self) -> str:
        return f"<Deadline remaining={self.remaining()}>"

    def remaining(self) -> float | None:
        """Return the seconds left, 0.0 when spent, None if endless.

        Pass it to a blocking call as `timeout`. A `threading.Lock`
        refuses None: pass it -1 instead. Many calls try once with 0.0:
        check `expired` first. Some refuse more than 24 days with
        OverflowError, such as `subprocess.run` with a pipe.
        """
        if self._end == math.inf:
            return None
        return max(0.0, self._end - time.monotonic())

    def expired(self) -> bool:
        """Return whether nothing is left."""
        return self.remaining() == 0.0

    def at_most(self, seconds: float | None) -> "Deadline":
        """Return a deadline for a part of the work.

        Args:
            seconds: The budget of the part, from now on, as above.

        Returns:
            That or this deadline, whichever comes first.
        """
        part = Deadline(seconds)
        part._end = min(part._end, self._end)
        return part

    def timeout(self) -> asyncio.Timeout:
        """Return an `asyncio.timeout` block that ends at the deadline.

        Enter it at once. At the deadline it cancels what it awaits,
        waits for the cleanup, and raises TimeoutError. If other code
        cancels the task in the block, once, twice or at the deadline,
        CancelledError leaves the block. Nothing is left behind.
        A block that does not wait after the deadline is not ended. A
        cancellation that was not delivered on entry can be lost if the
        deadline passes before the block begins to wait (gh-134471).
        Up to 3.11.2, a block in the cleanup of a cancelled task ends
        with CancelledError, not TimeoutError. On uvloop a block can end
        a millisecond or two early, while `expired` is still False.

        Raises:
            TimeoutError: Nothing is left. Raised before the block is
                entered, so nothing in it begins.
            RuntimeError: No event loop runs in this thread.
        """
        left = self.remaining()
        if left == 0.0:
            raise TimeoutError("the deadline has passed")
        return asyncio.timeout(left)
