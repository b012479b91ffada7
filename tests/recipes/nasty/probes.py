"""Press Ctrl-C at a line of a file; count calls."""

import linecache
import os
import signal
import sys
from typing import Any, Callable, Collection, Optional, Set


class CtrlC:
    """While entered, sends SIGINT just before the n-th line that this thread runs in a file.

    With `first`, a line counts only once. The `return` of an `__enter__` and the first line of an `__exit__`
    do not count: no code is safe between these and the block (gh-74174).

    Attributes:
        line: Where the signal came; 0 if the file has fewer lines.
        raised: Whether the signal raised KeyboardInterrupt there.

    """

    def __init__(self, file: str, number: int, first: bool, unsafe: Collection[str]) -> None:
        self._unsafe = unsafe
        self._file, self._first, self._pid = file, first, os.getpid()
        self._left = number
        self._seen: Set[int] = set()
        self.line = 0
        self.raised = False

    def __enter__(self) -> None:
        sys.settrace(self._trace)

    def __exit__(self, *_: object) -> None:
        sys.settrace(None)

    def _skip_first_line(self, frame: Any, event: str, _: object) -> Any:
        return self._skip_first_line if event != "line" or _line(frame) == "try:" else self._trace

    def _exempt(self, frame: Any) -> bool:
        line = _line(frame)
        entered = frame.f_code.co_name in ("__enter__", "__aenter__") and line.startswith("return")
        return entered or line in self._unsafe

    def _trace(self, frame: Any, event: str, _: object) -> Any:
        if frame.f_code.co_filename != self._file or self.line or os.getpid() != self._pid:
            return None
        if event == "call" and frame.f_code.co_name in ("__exit__", "__aexit__"):
            return self._skip_first_line
        if event == "line" and not (self._first and frame.f_lineno in self._seen) and not self._exempt(frame):
            self._seen.add(frame.f_lineno)
            self._left -= 1
            if self._left < 0:
                self.line = frame.f_lineno
                try:
                    signal.raise_signal(signal.SIGINT)
                except KeyboardInterrupt:
                    self.raised = True
                    raise
        return self._trace


def _line(frame: Any) -> str:
    return linecache.getline(frame.f_code.co_filename, frame.f_lineno).strip()


def led_to(error: Optional[BaseException]) -> bool:
    """Return whether the error is a KeyboardInterrupt, or was raised in the cleanup after one."""
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__context__
    return error is not None


def count_calls(function: Callable[[], object]) -> int:
    """Return how many functions are called, those of C included, while this one runs."""
    count = 0

    def profile(_: object, event: str, __: object) -> Optional[None]:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(profile)
    try:
        function()
    finally:
        sys.setprofile(None)
    return count
