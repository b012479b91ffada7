# SPDX-License-Identifier: 0BSD
# Recipe: timeout_block 1.0.0
# Source: Please Stop, recipes/timeout-block
# Python: 3.8 or newer
"""`asyncio.timeout()`, for Pythons before 3.11 too."""

import asyncio
import sys
from typing import Optional

__all__ = ["Timeout", "timeout_at", "timeout_block"]

if sys.version_info >= (3, 11):
    from asyncio import Timeout, timeout_at
else:
    from weakref import WeakKeyDictionary

    # Stands in for Task.cancelling(), new in 3.11. It counts what
    # these blocks ask: so each tells its own from an outer block's.
    _asked: "WeakKeyDictionary[asyncio.Task[object], int]"
    _asked = WeakKeyDictionary()

    class Timeout:
        """Does what `asyncio.Timeout` does from 3.11 on."""

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
            self._before = _asked.get(task, 0)
            self._task, self._state = task, "entered"
            self.reschedule(self._when)
            return self

        async def __aexit__(self, *exc: object) -> None:
            if self._state == "entered":
                self._stop()
                self._state = "left"
                return
            _asked[self._task] -= 1
            own = _asked[self._task] <= self._before
            if own and isinstance(exc[1], asyncio.CancelledError):
                raise asyncio.TimeoutError from exc[1]

        def _stop(self) -> None:
            if self._handle is not None:
                self._handle.cancel()

        def _expire(self) -> None:
            self._state = "expired"
            _asked[self._task] = _asked.get(self._task, 0) + 1
            self._task.cancel()

    timeout_at = Timeout


def timeout_block(delay: Optional[float]) -> Timeout:
    """Limit the time of a block, as `asyncio.timeout()` does.

    It asks the task once, at the deadline, and waits for cleanup;
    code that swallows the request runs on without a limit.

    From 3.11 on it is asyncio's own: a request of somebody else,
    the first or the second, gets through as `CancelledError`.
    Before, asyncio does not count requests: one that comes in the
    block is lost in the `TimeoutError` if the deadline passes
    before the block has ended, its cleanup included.
    Not thread-safe: enter it in the task it limits. Any platform.

    Args:
        delay: Seconds from now; None is no limit. Zero and less end
            the block at the first `await` that has to wait.

    Raises:
        asyncio.TimeoutError: On leaving, if the time was over.
        RuntimeError: Entered twice, or outside of a task.
    """
    now = asyncio.get_running_loop().time()
    return timeout_at(None if delay is None else now + delay)
