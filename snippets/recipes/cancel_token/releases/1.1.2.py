# SPDX-License-Identifier: 0BSD
# Recipe: cancel_token 1.1.2
# Source: Please Stop, recipes/cancel-token
# Python: 3.8 or newer
"""One cancellation token for threads and asyncio, on any platform."""

import asyncio
import logging
import threading
from typing import Callable, ContextManager, Dict, Tuple

Callback = Callable[[], object]


class Cancelled(BaseException):
    """Not an `Exception`, so `except Exception` does not catch it."""


class CancelToken(ContextManager["CancelToken"]):
    """A permanent cancellation that threads and tasks share.

    A parent cancels its children; leaving a `with` block cancels. Not
    for a signal handler, `__del__` or forked child: a lock may be held.
    """

    def __init__(self, parent: "CancelToken | None" = None) -> None:
        self.reason = ""
        self._claim: "Dict[str, Tuple[object, str]]" = {}
        self._event = threading.Event()
        self._callbacks: Dict[object, Callback] = {}
        self._children: "Dict[CancelToken, None]" = {}
        self._siblings = {} if parent is None else parent._children
        if parent is not None:
            self._siblings[self] = None
            if parent.cancelled():
                self.cancel(parent.reason)

    def cancel(self, reason: str = "") -> bool:
        """Cancel. Call each token's callbacks here in order, children first.

        Each `Exception` of theirs is logged. After any other, or Ctrl-C,
        call again for the rest. Return False if another call was first.
        """
        me, tokens = (object(), self.reason or reason), [self]
        try:  # setdefault and pop are atomic: only one thread goes on
            for token in tokens:  # which grows meanwhile
                claim = token._claim.setdefault("", me)
                token.reason = token.reason or claim[1]
                token._event.set()
                if token is self and claim is not me:
                    return False
                tokens += list(token._children)
            for token in reversed(tokens):
                for key in list(token._callbacks):
                    token._call(key)
                token._siblings.pop(token, None)
        except BaseException:
            self._claim.clear()  # so that a second call can go on
            raise
        return True

    def _call(self, key: object) -> None:
        try:
            self._callbacks.pop(key, int)()
        except Exception:
            logging.getLogger(__name__).exception("callback failed")

    def cancelled(self) -> bool:
        """Return whether it was cancelled; `reason` says why."""
        return self._event.is_set()

    def raise_if_cancelled(self) -> None:
        """Raise `Cancelled(reason)` if it was, every time."""
        if self._event.is_set():
            raise Cancelled(self.reason)

    def wait(self, timeout: "float | None" = None) -> bool:
        """Block up to `timeout` seconds; return whether cancelled."""
        endless = timeout and timeout > threading.TIMEOUT_MAX
        return self._event.wait(None if endless else timeout)

    async def wait_async(self) -> None:
        """Wait in a task; cancelling the task ends only the wait."""
        woken = asyncio.Event()
        wake = asyncio.get_running_loop().call_soon_threadsafe
        undo = self.add_callback(lambda: wake(woken.set))
        try:
            await woken.wait()
        finally:
            undo()

    def add_callback(self, callback: Callback) -> Callback:
        """Call it when cancelled, or now. Return what removes it."""
        self._callbacks[(key := object())] = callback
        if self._event.is_set():
            self._call(key)
        return lambda: self._callbacks.pop(key, None)

    def __exit__(self, *_: object) -> None:
        self.cancel("the block was left")
