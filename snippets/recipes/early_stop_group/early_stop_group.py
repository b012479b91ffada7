# SPDX-License-Identifier: 0BSD
# Recipe: early_stop_group 1.0.0
# Source: Please Stop, recipes/early-stop-group
# Python: 3.11 or newer
"""A TaskGroup that can be ended early, before Python 3.15 too."""

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

        The rest is inherited: what tasks or body raise comes out in a
        group. Cancelled from outside, once or twice, before `cancel`,
        after it or in the same moment, the block waits for its tasks,
        and CancelledError leaves it. Nothing is left running; a task
        that refuses to end holds it open. Not thread-safe. Works on
        every platform. From Python 3.15 on it is `asyncio.TaskGroup`.
        """

        _host: "asyncio.Task[Any] | None" = None
        _known = 0  # requests to the host: older ones, ours
        _asking: asyncio.Handle | None = None
        _asked = False
        _stopped = False  # cancelled, or over

        def cancel(self) -> None:
            """End the block early, without an exception.

            Its body is cancelled and, when that has ended, its tasks
            are, each once. (3.15 asks all at once, the caller too.)
            Call it anywhere in the loop, and again. Before the block,
            it cancels the body at its first await; after it, nothing.
            From then on `create_task` raises RuntimeError.
            """
            if self._host is not None and not self._stopped:
                # Not at once: before 3.13 `uncancel` cannot take back
                # what a running task asked of itself (gh-116720).
                loop = asyncio.get_running_loop()
                self._asking = loop.call_soon(self._ask, self._host)
            self._stopped = True

        def _ask(self, host: "asyncio.Task[Any]") -> None:
            self._asked = host.cancel()
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
            await super().__aenter__()
            self._host = host = asyncio.current_task()
            self._known = host.cancelling() if host else 0
            if self._known:  # one may still be on its way
                await asyncio.sleep(0)
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
            if self._stopped and exc is None:  # ask the tasks too
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
                if self._asking is not None:
                    self._asking.cancel()
                if self._asked:
                    host.uncancel()
