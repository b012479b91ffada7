"""Loaded by every Python of a run before the snippet's first line, on any supported version.

Where a run is watched it loads what tells of it. It changes four things and hides itself:
streams are line-buffered text, so that no line is torn and stdout keeps its place before
stderr (`-u` would write one `print` in pieces); SIGUSR2 writes where each thread stands, for
the report on a hang; threads that are still alive when the program ends are reported; and
Ctrl-C works although a build in the background ignores it.
Keep it free of anything newer than Python 3.8.
"""

import atexit
import faulthandler
import io
import os
import signal
import sys

_FOLDER = os.path.dirname(os.path.abspath(__file__))
_kept: "list[object]" = []


def _report_threads(path: str, pid: int) -> None:
    # Registered first, so run last: the interpreter has joined all other threads by now.
    threading = sys.modules.get("threading")
    if threading is None or os.getpid() != pid:
        return
    alive = [thread.name for thread in threading.enumerate() if thread is not threading.main_thread()]
    if alive:
        with open(path, "a", encoding="utf-8") as report:
            report.write("".join("thread %d %s\n" % (pid, name) for name in alive))


def _is_first(folder: str) -> bool:
    """Whether this is the program itself, not one of its children."""
    try:
        os.close(os.open(os.path.join(folder, "first"), os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return False
    return True


def _install() -> None:
    watched = os.environ.get("PLEASESTOP_WATCHED")
    if watched is not None and sys.version_info >= (3, 12):
        from pleasestop_watching import install

        install(os.environ["PLEASESTOP_EVENTS"], watched)
        del sys.modules["pleasestop_watching"]
    sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry) != _FOLDER]
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(line_buffering=True)
    folder = os.environ.get("PLEASESTOP_REPORTS")
    if folder is None or not os.path.isdir(folder):
        return
    if _is_first(folder) and signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        # Inherited from a shell that started us in the background; a terminal would not ignore it.
        signal.signal(signal.SIGINT, signal.default_int_handler)
    stacks = open(os.path.join(folder, "stacks.%d" % os.getpid()), "a")
    faulthandler.register(signal.SIGUSR2, file=stacks, all_threads=True)
    # faulthandler keeps the descriptor only; the file object must outlive it.
    _kept.append(stacks)
    atexit.register(_report_threads, os.path.join(folder, "threads"), os.getpid())


_install()
