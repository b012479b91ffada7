# SPDX-License-Identifier: 0BSD
# Recipe: cancel_token 1.0.0
# Source: Please Stop, recipes/cancel-token
# Python: 3.8 or newer
"""One request to stop, for threads and asyncio alike."""

import asyncio
import contextlib
import threading
from typing import Callable, Dict, Iterator

Callback = Callable[[], object]


class Cancelled(BaseException):
    """A token was cancelled. No `Exception`, like that of asyncio."""


class CancelToken:
    """A request to stop; once made, it stays. For threads and loops.

    A child is cancelled with its parent, which refers to it until then.
    Leaving a `with` block cancels. Nothing here is for signal handlers
    or `__del__`: the lock in an event is not reentrant. Any platform.
    """

    def __init__(self, parent: "CancelToken | None" = None) -> None:
        self.reason = ""
        self._claim = threading.Lock()  # taken once, by who cancels
        self._event = threading.Event()
        self._callbacks: Dict[object, Callback] = {}
        if parent is not None:
            self.add_callback(
                parent.add_callback(
                    lambda: self.cancel(parent.reason)
                )
            )

    def cancel(self, reason: str = "") -> bool:
        """Cancel the token, then call its callbacks in this thread.

        All are called, in order; the last exception of theirs goes on,
        with the others as context. False if another call was first.
        """
        if not self._claim.acquire(blocking=False):
            return False
        self.reason = reason
        self._event.set()
        self._call(iter(list(self._callbacks)))
        return True

    def cancelled(self) -> bool:
        """Tell whether it was cancelled; `reason` says why."""
        return self._event.is_set()

    def raise_if_cancelled(self) -> None:
        """Raise `Cancelled(reason)` if it was, every time."""
        if self._event.is_set():
            raise Cancelled(self.reason)

    def wait(self, timeout: "float | None" = None) -> bool:
        """Block up to `timeout` seconds; tell whether cancelled."""
        return self._event.wait(timeout)

    async def wait_async(self) -> None:
        """Wait in a task; cancelling the task ends only the wait."""
        loop, woken = asyncio.get_running_loop(), asyncio.Event()

        def wake() -> None:
            with contextlib.suppress(
                RuntimeError
            ):  # loop is closed
                loop.call_soon_threadsafe(woken.set)

        take_back = self.add_callback(wake)
        try:
            await woken.wait()
        finally:
            take_back()

    def add_callback(self, callback: Callback) -> Callback:
        """Call it once cancelled, or now. Returns what takes it back."""
        self._callbacks[(key := object())] = callback
        if self._event.is_set():
            self._call(iter([key]))
        return lambda: self._callbacks.pop(key, None)

    def _call(self, keys: Iterator[object]) -> None:
        for key in keys:
            try:  # pop is atomic: of two threads, one gets it
                self._callbacks.pop(key, int)()
            except BaseException:
                self._call(keys)  # the others
                raise

    def __enter__(self) -> "CancelToken":
        return self

    def __exit__(self, *_: object) -> None:
        self.cancel("the block was left")
