# SPDX-License-Identifier: 0BSD
# Recipe: deadline 1.0.0
# Source: Please Stop, recipes/deadline
# Python: 3.11 or newer
"""One time budget for many calls, blocking or awaited."""

import asyncio
import math
import time


class Deadline:
    """A point in time that many calls share as their limit.

    Make it once, where the work comes in, and hand it down instead of
    a number of seconds: what one call has used is gone for the next.

    It never changes, so threads, tasks and loops may share it. It
    counts in `time.monotonic`, so setting the system's clock does not
    move it; that count may mean nothing in another process, to which
    you send `remaining()`. Works on every platform.

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

        This is what blocking calls take as their `timeout`. Many of
        them still try once when it is 0.0; ask `expired` before.
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

        Enter it at once. It cancels what is awaited in it, waits for
        that to clean up, and raises TimeoutError. When the task is
        cancelled from outside, once, twice or at the deadline too,
        CancelledError leaves the block, and nothing is left behind.

        Raises:
            TimeoutError: Nothing is left. Raised before the block is
                entered: what could not finish is not started.
            RuntimeError: No event loop runs in this thread.
        """
        if self.expired():
            raise TimeoutError("the deadline has passed")
        return asyncio.timeout(self.remaining())
