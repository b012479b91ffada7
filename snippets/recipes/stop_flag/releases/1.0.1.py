# SPDX-License-Identifier: 0BSD
# Recipe: stop_flag 1.0.1
# Source: Please Stop, recipes/stop-flag
# Python: 3.8 or newer
"""A flag that Ctrl-C and SIGTERM set, for loops without asyncio."""

import os
import signal
import threading
from math import inf, isnan
from time import monotonic, sleep
from typing import Any, Dict, Iterable, Optional


class StopFlag:
    """A flag that signals set, with a wait that ends then.

    In a `with` block, the first signal sets the flag. One more than a
    second later does what it did before the block: Ctrl-C raises
    KeyboardInterrupt, SIGTERM ends the process without cleanup (except
    process 1). So does every signal in a forked child. The end of the
    block restores the earlier handlers, unless a Ctrl-C cuts it off.
    Signals that are ignored or handled by C code stay so. In nested
    blocks, a signal counts for all, also for an inner one that begins
    after it. Handlers run in the main thread: let it `wait`.

    Args:
        signals: The signals that set the flag.

    Attributes:
        signal: The number of the first signal; None without one.

    Raises:
        RuntimeError: By `with`, which clears the flag: this is not the
            main thread, or the flag is in use.
    """

    def __init__(
        self,
        signals: Iterable[int] = (signal.SIGINT, signal.SIGTERM),
    ) -> None:
        self.signal: Optional[int] = None
        self._signals, self._set = tuple(signals), False
        self._earlier: Dict[int, Any] = {}
        self._pid, self._again = 0, inf

    def is_set(self) -> bool:
        """Return whether a signal or `set` has set it."""
        return self._set

    def set(self) -> None:
        """Set the flag without a signal, from any thread."""
        self._set = True

    def wait(self, timeout: Optional[float] = None) -> bool:
        """Wait until it is set or for `timeout` seconds: is_set()."""
        end = monotonic() + (inf if timeout is None else timeout)
        if isnan(end):
            raise ValueError("timeout is not a number")
        while not self._set and monotonic() < end:
            sleep(max(0, min(end - monotonic(), 0.05)))
        return self._set

    def _handle(self, number: int, _: object) -> None:
        # No event, no lock: this can interrupt the code that holds it.
        now, earlier = monotonic(), self._earlier[number]
        if now > self._again or os.getpid() != self._pid:
            signal.signal(number, earlier)
            signal.raise_signal(number)
        else:
            if self.signal is None:
                # A group and its parent can both pass one Ctrl-C on.
                self._again, self.signal = now + 1, number
            self._set = True
            up = getattr(earlier, "__self__", None)  # outer block
            if isinstance(up, StopFlag) and up._pid == self._pid:
                up._handle(number, None)

    def __enter__(self) -> "StopFlag":
        if threading.current_thread() != threading.main_thread():
            raise RuntimeError("signals need the main thread")
        if self._pid == os.getpid():
            raise RuntimeError("the flag is in use")
        self.signal, self._set, self._earlier = None, False, {}
        self._pid, self._again = os.getpid(), inf
        try:
            for number in self._signals:
                earlier = signal.getsignal(number)
                if earlier not in (signal.SIG_IGN, None):
                    self._earlier.setdefault(number, earlier)
                    signal.signal(number, self._handle)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for number, earlier in self._earlier.items():
            signal.signal(number, earlier)
        self._pid = 0
