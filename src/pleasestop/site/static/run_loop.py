"""Run a program in a page's Python as a terminal would; `run-worker.js` loads this once.

The Python is Pyodide's: CPython compiled for the browser. Its own event loop hands control to the
page and never ends, so it leaves pending tasks alone, and `time.sleep` lets other tasks run. Here
the loop is asyncio's again, and waits by blocking the worker that it runs in.
"""

import _thread
import asyncio
import atexit
import builtins
import contextlib
import contextvars
import gc
import importlib.metadata  # `invalidate_caches` needs it, and would load it after each program
import itertools
import linecache
import os
import shutil
import signal
import sys
import threading
import time
import types
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

held: list[types.ModuleType] = []
"""The program that ran. The worker empties this with no Python frame below, as at CPython's end."""

_HOME = Path.cwd()
_RECURSION = sys.getrecursionlimit()
_around = contextlib.ExitStack()
_clean: dict[types.ModuleType, dict[str, Any]] = {}


def install(run: Any, block: Callable[[float], None], endless: Callable[[], None]) -> None:
    """Make asyncio, `time.sleep` and locks block, and remember the state that each program starts with.

    `run` is CPython's `asyncio.run`. `block` waits for some seconds; `endless` tells the page that
    nothing will happen any more, and does not return.
    """

    class Sleeper:
        """A selector with nothing to select from: it lets time pass."""

        def select(self, timeout: float | None) -> list[None]:
            if timeout is None:
                endless()
            elif timeout > 0:
                block(timeout)
            return []

    class PageLoop(asyncio.BaseEventLoop):
        """The part of asyncio's loop that needs no operating system."""

        def __init__(self) -> None:
            super().__init__()
            self._selector = Sleeper()

        def _process_events(self, event_list: list[None]) -> None:
            """There are none."""

        def _write_to_self(self) -> None:
            """Do nothing: no other thread can wake the loop."""

        def create_task(self, coro: Any, **kwargs: Any) -> Any:
            """Give tasks numbers anew in each program; asyncio's own counter cannot be set back."""
            if kwargs.get("name") is None:
                kwargs["name"] = f"Task-{next(_numbers[-1])}"
            return super().create_task(coro, **kwargs)

    class Policy(asyncio.events._BaseDefaultEventLoopPolicy):  # type: ignore[name-defined,misc]
        _loop_factory = PageLoop

    class Lock:
        """A lock with one thread: a caller that finds it locked waits in vain."""

        def __init__(self) -> None:
            self._lock = _thread.allocate_lock()
            self.release, self.locked = self._lock.release, self._lock.locked
            self._at_fork_reinit = self._lock._at_fork_reinit  # type: ignore[attr-defined] # `concurrent.futures` asks

        def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
            if blocking and timeout == -1:
                if not self._lock.acquire(False):
                    endless()
                return True
            taken = self._lock.acquire(blocking, min(timeout, 0))  # refuses what a lock refuses
            if not taken:
                block(max(timeout, 0))
            return taken

        def __enter__(self) -> bool:
            return self.acquire()

        def __exit__(self, *_: object) -> None:
            self.release()

    def start_thread(*_: object, **__: object) -> None:
        """Say more than "can't start new thread", which sounds as if there were too many."""
        raise RuntimeError("can't start new thread: a page has no threads; run the program in a terminal")

    busy_sleep = time.sleep

    def sleep(seconds: float, /) -> None:
        """Block for `seconds`, without the work that a compiled `time.sleep` does meanwhile."""
        busy_sleep(min(seconds, 0))  # refuses a negative number, and what is not a number
        block(seconds)

    vars(asyncio).update(run=run, EventLoop=PageLoop)
    vars(asyncio.events).update(_event_loop_policy=None)
    vars(asyncio.unix_events).update(_DefaultEventLoopPolicy=Policy)
    vars(time).update(sleep=sleep)
    vars(threading).update(Lock=Lock, _allocate_lock=Lock, _start_joinable_thread=start_thread)
    vars(_thread).update(start_new_thread=start_thread)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    sys.path.insert(0, str(_HOME))
    atexit._clear()
    modules = [module for module in sys.modules.values() if isinstance(module, types.ModuleType)]
    _clean.update({module: dict(vars(module)) for module in modules})


_numbers = [itertools.count(1)]


def run(name: str) -> int:
    """Run the program `name`, a file in the current folder; return its exit status.

    Afterwards its `__main__` is still held.
    """
    path = _HOME / name
    _numbers[:] = [itertools.count(1)]
    asyncio._set_running_loop(None)
    sys.set_asyncgen_hooks(None, None)
    sys.argv[:] = [str(path)]
    _around.enter_context(warnings.catch_warnings())
    main = types.ModuleType("__main__")
    vars(main).update(__file__=str(path), __builtins__=builtins)
    sys.modules["__main__"] = main
    held.append(main)
    status = 0
    try:
        program = compile(path.read_text(encoding="utf-8"), str(path), "exec", dont_inherit=True)
        contextvars.Context().run(exec, program, vars(main))
    except SystemExit as leaving:
        status = _status(leaving.code)
    except BaseException as error:
        trace = error.__traceback__
        sys.excepthook(type(error), error, trace and trace.tb_next)
        status = -signal.SIGINT if isinstance(error, KeyboardInterrupt) else 1
    atexit._run_exitfuncs()
    _flush()
    vars(warnings).update(_showwarnmsg=_warn_at_the_end)
    return status


def _warn_at_the_end(warning: warnings.WarningMessage) -> None:
    """Print what CPython prints of a warning at its end, without the advice on tracing."""
    print(f"{warning.filename}:{warning.lineno}: {warning.category.__name__}: {warning.message}", file=sys.stderr)


def _status(code: object) -> int:
    """Return the exit status for the argument of `sys.exit`, as the interpreter does."""
    if code is None or isinstance(code, int):
        return code or 0
    print(code, file=sys.stderr)
    return 1


def _flush() -> None:
    """Flush what was printed without the end of a line."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):  # a program may have put anything there
            stream.flush()


def clean() -> None:
    """Undo what a program did to the interpreter, its modules and its folder, so that the next finds none of it."""
    _flush()
    _around.close()
    gc.enable()
    sys.setrecursionlimit(_RECURSION)
    os.chdir(_HOME)
    for name, module in [*sys.modules.items()]:
        if isinstance(module, types.ModuleType) and module not in _clean:
            del sys.modules[name]
    for module, names in _clean.items():
        for name in vars(module).keys() - names.keys():
            del vars(module)[name]
        vars(module).update(names)
    for path in _HOME.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    linecache.clearcache()
    importlib.invalidate_caches()
