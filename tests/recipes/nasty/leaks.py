"""Find what a program leaves behind: threads, processes, open files, and what Python complains about."""

import ctypes
import os
import signal
import sys
import threading
import time
from typing import Any, List, Set, Tuple

import psutil

PR_SET_CHILD_SUBREAPER = 36

ORPHANS_END = 5.0
"""Seconds in which an orphan that got SIGKILL has ended."""


def adopt_orphans() -> None:
    """Make this process the parent of each descendant that loses its own, so that none goes unseen (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def load_what_threads_need() -> None:
    """Load the library that the C library opens when the first thread exits, which can be after it was joined."""
    if sys.platform == "linux":
        ctypes.CDLL("libgcc_s.so.1")


class Watch:
    """Compares the process before and after a program."""

    def __init__(self, orphans: bool = False) -> None:
        self._orphans = orphans
        self._threads, self._files = set(threading.enumerate()), _open_files()
        self._signals = _signals()
        self.complaints: List[str] = []
        self._hooks: Tuple[Any, Any] = (sys.unraisablehook, threading.excepthook)
        sys.unraisablehook = self._complain
        threading.excepthook = self._complain

    def _complain(self, fault: Any) -> None:
        self.complaints.append(repr(fault.exc_value or fault.exc_type))

    def end(self, ctrl_c: bool = False) -> List[str]:
        """Return what was left behind, and end it.

        After a Ctrl-C, threads may end by themselves, a coroutine may never be awaited, and a handler may stay
        whose timer does not run.
        """
        sys.unraisablehook, threading.excepthook = self._hooks
        faults = [each for each in self.complaints if not (ctrl_c and "was never awaited" in each)]
        for thread in set(threading.enumerate()) - self._threads:
            thread.join(1 if ctrl_c else 0)
            if thread.is_alive() or not ctrl_c:
                faults.append(f"leaves the thread {thread.name}")
            thread.join(10)
        if _signals() != self._signals and (not ctrl_c or _signals()[-1]):
            faults.append(f"leaves handlers or a timer of signals: {_signals()}")
            signal.setitimer(signal.ITIMER_REAL, 0)
        faults += _end_children(self._orphans)
        if opened := _open_files() - self._files:
            faults.append(f"leaves open files: {sorted(opened)}")
        return faults


def _end_children(orphans: bool) -> List[str]:
    """End all children of this process, and return what they were."""
    faults = []
    end = time.monotonic() + ORPHANS_END
    try:
        while True:
            ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            if ended:
                if not orphans or os.getpgid(ended.si_pid) == ended.si_pid:
                    faults.append("leaves a process that has ended, and was not waited for")
                os.waitpid(ended.si_pid, 0)
            elif not orphans or time.monotonic() > end:
                child = psutil.Process().children()[0]
                faults.append(f"leaves a running process: {child}")
                child.kill()
                os.waitpid(child.pid, 0)
    except ChildProcessError:
        return faults


def _open_files() -> Set[str]:
    """Return the open descriptors, each with what it refers to where the system says that."""
    folder = "/proc/self/fd" if sys.platform == "linux" else "/dev/fd"
    found = set()
    for name in os.listdir(folder):
        try:
            found.add(f"{name}: {os.readlink(f'{folder}/{name}')}")
        except FileNotFoundError:
            pass  # it was open to list the folder
        except OSError:
            found.add(name)  # macOS does not say what it refers to
    return found


def _signals() -> List[Any]:
    handled = [signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM)]
    return [*handled, signal.getitimer(signal.ITIMER_REAL)[0] > 0]
