# SPDX-License-Identifier: 0BSD
# Recipe: early_stop_group 1.0.3
# Source: Please Stop, recipes/early-stop-group
# Python: 3.11 or newer
"""A TaskGroup that can be cancelled early, also before Python 3.15."""

import asyncio
import sys
from collections.abc import Coroutine, Generator
from types import TracebackType
from typing import Any, Self, TypeVar, cast

T = TypeVar("T")

if sys.version_info >= (3, 15):
    TaskGroup = asyncio.TaskGroup
else:

    class TaskGroup(asyncio.TaskGroup):
        """An `asyncio.TaskGroup` with the `cancel` of Python 3.15.

        All else is inherited: an `Exception` of a task or of the body
        leaves in an exception group. Without one, a cancellation from
        outside leaves as CancelledError when the tasks have ended, be
        it before `cancel`, after it or in the same tick, if the body
        calls no `uncancel`. The block waits for each task, also for one
        that does not end. Not thread-safe. On 3.15: asyncio.TaskGroup.
        """

        _host: "asyncio.Task[Any] | None" = None
        _known = 0  # cancellations of the host: older, ours
        _later: asyncio.Handle | None = None
        _sent = False
        _stopped = False  # cancelled, or over

        def cancel(self) -> None:
            """End the block early, without an exception.

            It cancels the body and, when the body has ended, each task
            once. (3.15 cancels all at once, the caller too.) Call it
            anywhere in the loop, repeatedly. Before the block, it
            cancels the body at its first wait; after it, nothing.
            From then on `create_task` raises RuntimeError.
            """
            if self._host is not None and not self._stopped:
                # Not at once: before 3.13 `uncancel` does not undo
                # the cancellation of a running task (gh-116720).
                loop = asyncio.get_running_loop()
                self._later = loop.call_soon(self._hit, self._host)
            self._stopped = True

        def _hit(self, host: "asyncio.Task[Any]") -> None:
            self._sent = host.cancel()
            self._known += 1

        def create_task(
            self,
            coro: Generator[Any, None, T] | Coroutine[Any, Any, T],
            **kwargs: Any,
        ) -> asyncio.Task[T]:
            if self._stopped:
                coro.close()
                raise RuntimeError(f"{self!r} is shutting down")
            start: Any = coro  # annotated differently by version
            return super().create_task(start, **kwargs)

        async def __aenter__(self) -> Self:
            host: Any = asyncio.current_task()
            if host and host.cancelling():
                await asyncio.sleep(0)  # raises one that is new
            await super().__aenter__()
            self._host, self._known = host, host.cancelling()
            if self._stopped:
                self._stopped = False
                self.cancel()
            return self

        async def __aexit__(
            self,
            et: type[BaseException] | None,
            exc: BaseException | None,
            tb: TracebackType | None,
        ) -> Any:
            host = cast("asyncio.Task[Any]", self._host)
            if self._stopped and exc is None:  # cancel the tasks
                exc = asyncio.CancelledError()
                et = type(exc)
            try:
                await super().__aexit__(et, exc, tb)
            except asyncio.CancelledError:
                outside = host.cancelling() > self._known
                if outside or not self._stopped:
                    raise
                return True
            finally:
                self._stopped = True
                if self._later is not None:
                    self._later.cancel()
                if self._sent:
                    host.uncancel()
