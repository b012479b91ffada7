"""Prepare every Python of a run before the program's first line, on any supported version.

It changes four things and hides itself: streams are line-buffered text, so that no line is
torn and stdout keeps its place before stderr (`-u` would write one `print` in pieces);
a signal writes where each thread stands, for the report on a hang; threads that are alive when
the program ends are reported; and Ctrl-C works although a build in the background ignores it.
A run that is traced also gets the monitor; the signal can then write where each task stands, too.
Keep this file free of anything newer than Python 3.8.
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


def _answer(folder: str, number: int) -> None:
    """Register what the signal `number` does: write the stacks of this process, and its snapshot if that is wanted."""
    module = os.environ.get("PLEASESTOP_SNAPSHOT")
    if module is not None:

        def snapshot(_: int, frame: object) -> None:
            try:
                with open(module, encoding="utf-8") as file:
                    names: "dict[str, object]" = {"__name__": "pleasestop_snapshot"}
                    exec(compile(file.read(), module, "exec"), names)
                path = os.path.join(folder, "snapshot.%d.json" % os.getpid())
                names["write"](path, frame, (os.path.dirname(module), _FOLDER))  # type: ignore[operator]
            except Exception as error:
                # The program must not see it; the stacks are there all the same.
                with open(os.path.join(folder, "fault.%d" % os.getpid()), "w", encoding="utf-8") as file:
                    file.write(repr(error))

        signal.signal(number, snapshot)
    stacks = open(os.path.join(folder, "stacks.%d" % os.getpid()), "a")
    faulthandler.register(number, file=stacks, all_threads=True, chain=module is not None)
    # faulthandler keeps the descriptor only; the file object must outlive it.
    _kept[:] = [stacks]


def _use_loop(package: str) -> None:
    """Let asyncio use the event loop of a package."""
    import asyncio
    import importlib
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # policies are deprecated, and have no successor that needs no call
        asyncio.set_event_loop_policy(importlib.import_module(package).EventLoopPolicy())


def _install() -> None:
    traced = os.environ.get("PLEASESTOP_TRACED")
    hidden = [_FOLDER]
    if traced is not None and sys.version_info >= (3, 12):
        import pleasestop_monitor

        pleasestop_monitor.install(os.environ["PLEASESTOP_EVENTS"], traced)
        hidden.append(os.path.dirname(os.path.abspath(pleasestop_monitor.__file__)))
        del sys.modules["pleasestop_monitor"]
    sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry) not in hidden]
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(line_buffering=True)
    folder = os.environ.get("PLEASESTOP_REPORTS")
    if folder is None or not os.path.isdir(folder):
        return
    if _is_first(folder):
        # Inherited from a shell that started us in the background, or from `nohup`; a terminal ignores neither.
        if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
            signal.signal(signal.SIGHUP, signal.SIG_DFL)
    if "PLEASESTOP_LOOP" in os.environ:
        _use_loop(os.environ["PLEASESTOP_LOOP"])
    number = int(os.environ["PLEASESTOP_ASK"])
    _answer(folder, number)
    if "PLEASESTOP_SNAPSHOT" in os.environ:
        os.register_at_fork(after_in_child=lambda: _answer(folder, number))
    atexit.register(_report_threads, os.path.join(folder, "threads"), os.getpid())


_install()
