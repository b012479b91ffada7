# SPDX-License-Identifier: 0BSD
# Recipe: timeout_block 1.0.2
# Source: Please Stop, recipes/timeout-block
# Python: 3.8 or newer
"""`asyncio.timeout()`, for Pythons before 3.11 too."""

import asyncio
import math
import sys
from typing import Optional

__all__ = ["Timeout", "timeout_at", "timeout_block"]

if sys.version_info >= (3, 11):
    from asyncio import Timeout, timeout_at
else:
    from weakref import WeakKeyDictionary

    # Counts the cancellations by blocks, for Task.cancelling().
    _cancels: "WeakKeyDictionary[asyncio.Task[object], int]"
    _cancels = WeakKeyDictionary()

    class Timeout:
        def __init__(self, when: Optional[float]) -> None:
            self._when, self._state = when, "not entered"
            self._handle: Optional[asyncio.Handle] = None

        def when(self) -> Optional[float]:
            return self._when

        def expired(self) -> bool:
            return self._state == "expired"

        def reschedule(self, when: Optional[float]) -> None:
            if self._state != "entered":
                raise RuntimeError(f"the block is {self._state}")
            loop = asyncio.get_running_loop()
            self._stop()
            self._when = when
            if when is not None and when <= loop.time():
                self._handle = loop.call_soon(self._expire)
            elif when is not None:
                self._handle = loop.call_at(when, self._expire)

        async def __aenter__(self) -> "Timeout":
            task = asyncio.current_task()
            if self._state != "not entered" or task is None:
                raise RuntimeError("enter it once, in a task")
            self._before = _cancels.get(task, 0)
            self._task, self._state = task, "entered"
            self.reschedule(self._when)
            return self

        async def __aexit__(self, *exc: object) -> None:
            if self._state == "entered":
                self._stop()
                self._state = "left"
                return
            _cancels[self._task] -= 1
            own = _cancels[self._task] <= self._before
            if own and isinstance(exc[1], asyncio.CancelledError):
                raise asyncio.TimeoutError from exc[1]

        def _stop(self) -> None:
            if self._handle is not None:
                self._handle.cancel()

        def _expire(self) -> None:
            self._state = "expired"
            _cancels[self._task] = _cancels.get(self._task, 0) + 1
            self._task.cancel()

    timeout_at = Timeout


def timeout_block(delay: Optional[float]) -> Timeout:
    """Limit the time of a block, as `asyncio.timeout()` does.

    At the deadline it cancels the task once, and waits for the
    cleanup. Code that suppresses this, or never waits, has no limit.
    If other code cancels the task in the block, CancelledError leaves
    the block. Before 3.11, TimeoutError hides that cancellation if
    the deadline passes before the block has ended. Since 3.11, only a
    cancellation that was not delivered on entry can be hidden so.
    On 3.11.0 to 3.11.2, a block in the cleanup of a cancelled task ends
    with CancelledError. Not thread-safe; any platform.

    Args:
        delay: Seconds; None is no limit. With zero or less, the first
            `await` that waits ends the block.

    Raises:
        asyncio.TimeoutError: On leaving, if the deadline cancelled it.
        RuntimeError: Entered twice, or outside of a task.
        ValueError: The delay is NaN.
    """
    now = asyncio.get_running_loop().time()
    if delay is not None and math.isnan(delay):
        raise ValueError("delay must not be NaN")
    return timeout_at(None if delay is None else now + delay)
