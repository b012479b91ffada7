"""Write where each thread and task of a process stands: the bootstrap executes this file when it is asked.

A signal handler of the watched program calls `write` in the main thread, while the other
threads run on. It reads frames and the standard library's own objects, and calls nothing of
the program: no `repr`, no property of a class that is not the standard library's. What cannot
be read is left out. `pleasestop.trace.snapshot` reads the file.
"""

import _thread
import json
import os
import sys
from types import AsyncGeneratorType, CoroutineType, FrameType, GeneratorType

TYPE_CHECKING = False
if TYPE_CHECKING:  # `typing` and `collections.abc` would be imported into every program that is asked
    from collections.abc import Callable, Iterable
    from typing import Any

_LIBRARY = os.path.dirname(os.__file__) + os.sep
_MOST_FRAMES = 60
_MOST_TASKS = 20_000
_LOCKS = ("lock", "RLock", "Lock", "Semaphore", "BoundedSemaphore", "Condition")


def write(path: str, frame: "FrameType | None", hidden: "tuple[str, ...]") -> None:
    """Write a snapshot as JSON to `path`.

    `frame` is where the main thread stands. Files in the folders `hidden` are left out.
    """
    snapshot = {
        "pid": os.getpid(),
        "threads": _attempt(_threads, frame, hidden) or [],
        "tasks": _attempt(_tasks, frame) or [],
    }
    temporary = f"{path}.new"
    with open(temporary, "w", encoding="utf-8") as file:
        json.dump(snapshot, file)
    os.replace(temporary, path)


def _attempt(function: "Callable[..., Any]", *arguments: object) -> "Any":
    """Return what a function returns, None if it raises: the program changes while it is read."""
    try:
        return function(*arguments)
    except Exception:
        return None


# --- threads ---


def _threads(frame: "FrameType | None", hidden: "tuple[str, ...]") -> "list[object]":
    frames = sys._current_frames()
    own = _thread.get_ident()
    if frame is not None:
        frames[own] = frame
    threading: Any = sys.modules.get("threading")
    known: dict[int, Any] = dict(getattr(threading, "_active", {}))
    main = getattr(getattr(threading, "_main_thread", None), "_ident", own)
    found: list[object] = []
    for ident, innermost in frames.items():
        thread = known.get(ident)
        states = [entry for entry in _stack(innermost) if os.path.dirname(entry["file"]) not in hidden]
        found.append(
            {
                "ident": ident,
                "name": getattr(thread, "_name", "") or "",
                "main": ident == main,
                "daemon": bool(getattr(thread, "_daemonic", False)),
                "frames": states,
            }
        )
    return found


def _stack(frame: "FrameType | None") -> "list[dict[str, Any]]":
    """Return the frames of a thread, the innermost first."""
    found: list[dict[str, Any]] = []
    while frame is not None and len(found) < _MOST_FRAMES:
        found.append(_frame(frame))
        frame = frame.f_back
    return found


def _frame(frame: FrameType) -> "dict[str, Any]":
    code = frame.f_code
    position = _attempt(lambda: list(code.co_positions())[frame.f_lasti // 2]) or (None, None, None, None)
    library = code.co_filename.startswith((_LIBRARY, "<frozen"))
    entry: dict[str, Any] = {
        "file": code.co_filename,
        "line": frame.f_lineno or 0,
        "function": code.co_qualname,
        "span": [part or 0 for part in position],
        "library": library and "site-packages" not in code.co_filename,
    }
    if entry["library"]:
        folder, file = os.path.split(code.co_filename)
        if file == "queues.py" and folder.endswith("multiprocessing"):  # asyncio has one, too
            file = f"multiprocessing/{file}"
        where = (file, code.co_qualname)
        if where in _DETAILS:
            entry["detail"] = _attempt(_DETAILS[where], frame.f_locals) or {}
    else:
        entry["locks"] = _attempt(_locks, frame) or {}
    return entry


def _locks(frame: FrameType) -> "dict[str, int]":
    """Return the addresses of the locks that a frame can name, by expression: `lock`, `self.lock`."""
    found: dict[str, int] = {}
    values = dict(frame.f_locals)
    for name in frame.f_code.co_names:
        if name not in values and name in frame.f_globals:
            values[name] = frame.f_globals[name]
    for name, value in values.items():
        if _is_lock(value):
            found[name] = _address(value)
        elif type(value).__module__ not in ("builtins", "__builtin__"):
            for attribute, inner in list(_attributes(value).items()):
                if _is_lock(inner):
                    found[f"{name}.{attribute}"] = _address(inner)
    return found


def _attributes(value: object) -> "dict[str, object]":
    try:
        attributes = object.__getattribute__(value, "__dict__")
    except AttributeError:
        return {}
    return attributes if type(attributes) is dict else {}


def _is_lock(value: object) -> bool:
    kind = type(value)
    return kind.__name__ in _LOCKS and kind.__module__ in (
        "_thread",
        "threading",
        "multiprocessing.synchronize",
        "asyncio.locks",
    )


def _address(value: object) -> int:
    """Return what names a lock: a condition and its lock are one."""
    inner = _attributes(value).get("_lock")
    return id(inner) if type(value).__name__ == "Condition" and inner is not None else id(value)


# --- what a call of the standard library waits for, by its own names ---


def _pending(futures: "Iterable[Any]") -> "list[int]":
    return [id(future) for future in list(futures) if not future.done()]


def _clients(server: "Any") -> int:
    clients = getattr(server, "_clients", None)
    return len(clients) if clients is not None else int(getattr(server, "_active_count", 0))


def _size(queue: "Any") -> "dict[str, object]":
    inner = getattr(queue, "_queue", None)
    size = len(inner if inner is not None else queue.queue)
    maximum = getattr(queue, "_maxsize", None)
    return {
        "size": size,
        "maximum": int(maximum if maximum is not None else getattr(queue, "maxsize", 0)),
        "unfinished": getattr(queue, "_unfinished_tasks", getattr(queue, "unfinished_tasks", 0)),
    }


def _process(process: "Any") -> "dict[str, object]":
    popen = getattr(process, "_popen", None)
    return {"process": process._name, "pid": getattr(popen, "pid", 0)}


def _job(item: "Any") -> str:
    """Return the name of the function that a pool's thread runs; `to_thread` wraps it twice."""
    function = getattr(item, "fn", None) or item.task[0]
    arguments = getattr(function, "args", ())  # of a functools.partial
    function = arguments[0] if arguments else function
    return getattr(function, "__qualname__", "")


def _popen(process: "Any") -> "dict[str, object]":
    """Return the number of a process, and whether what it prints goes into a pipe that is open here."""
    pipes = [pipe for pipe in (process.stdout, process.stderr) if pipe is not None]
    return {"pid": process.pid, "unread": any(not pipe.closed for pipe in pipes)}


def _joined(thread: "Any") -> "dict[str, object]":
    return {"thread": thread._name, "ident": thread._ident}


_DETAILS: "dict[tuple[str, str], Callable[[Any], dict[str, object]]]" = {
    ("threading.py", "Thread.join"): lambda names: _joined(names["self"]),
    ("thread.py", "_python_exit"): lambda names: _joined(names["t"]),
    ("thread.py", "ThreadPoolExecutor.shutdown"): lambda names: _joined(names["t"]),
    ("thread.py", "_WorkItem.run"): lambda names: {"job": _job(names["self"])},
    ("pool.py", "worker"): lambda names: {"job": getattr(names.get("func"), "__name__", "")},
    ("queue.py", "Queue.get"): lambda names: _size(names["self"]),
    ("queue.py", "Queue.put"): lambda names: _size(names["self"]),
    ("queue.py", "Queue.join"): lambda names: _size(names["self"]),
    ("process.py", "BaseProcess.join"): lambda names: _process(names["self"]),
    ("util.py", "_exit_function"): lambda names: _process(names["p"]),
    ("threading.py", "Condition.wait"): lambda names: {"released": _address(names["self"])},
    ("synchronize.py", "Condition.wait"): lambda names: {"released": _address(names["self"])},
    ("threading.py", "Event.wait"): lambda names: {"set": bool(names["self"]._flag)},
    ("locks.py", "Event.wait"): lambda names: {"set": bool(names["self"]._value)},
    ("subprocess.py", "Popen.wait"): lambda names: _popen(names["self"]),
    ("subprocess.py", "Popen.communicate"): lambda names: {"pid": names["self"].pid},
    ("pool.py", "ApplyResult.wait"): lambda names: {"left": getattr(names["self"], "_number_left", 1)},
    ("tasks.py", "_wait"): lambda names: {"waits": _pending(names["fs"])},
    ("tasks.py", "wait_for"): lambda names: {"waits": _pending([names["fut"]])},
    ("taskgroups.py", "TaskGroup.__aexit__"): lambda names: {"waits": _pending(names["self"]._tasks)},
    ("taskgroups.py", "TaskGroup._aexit"): lambda names: {"waits": _pending(names["self"]._tasks)},
    ("base_events.py", "Server.wait_closed"): lambda names: {"connections": _clients(names["self"])},
    ("base_events.py", "Server.serve_forever"): lambda names: {"connections": _clients(names["self"])},
    ("queues.py", "Queue.get"): lambda names: _size(names["self"]),
    ("queues.py", "Queue.put"): lambda names: _size(names["self"]),
    ("queues.py", "Queue.join"): lambda names: _size(names["self"]),
    ("base_events.py", "BaseEventLoop.shutdown_default_executor"): lambda names: {
        "threads": [thread._ident for thread in list(names["self"]._default_executor._threads)]
    },
    ("runners.py", "_cancel_all_tasks"): lambda names: {"waits": _pending(names["to_cancel"])},
    ("subprocess.py", "Process.wait"): lambda names: {"pid": names["self"].pid},
    ("subprocess.py", "Process.communicate"): lambda names: {"pid": names["self"].pid},
}


# --- tasks ---


def _tasks(frame: "FrameType | None") -> "list[object]":
    tasks: Any = sys.modules.get("asyncio.tasks")
    if tasks is None:
        return _trio_tasks()
    loops: dict[int, Any] = {}
    frames = {**sys._current_frames(), _thread.get_ident(): frame}
    thread_of = {}
    for ident, innermost in frames.items():
        inner = innermost
        while inner is not None:
            if inner.f_code.co_qualname == "Runner.run":  # uvloop has no frame of its own
                loop = inner.f_locals["self"]._loop
                loops[id(loop)], thread_of[id(loop)] = loop, ident
            elif inner.f_code.co_qualname in ("BaseEventLoop.run_forever", "BaseEventLoop.run_until_complete"):
                loop = inner.f_locals["self"]
                loops[id(loop)], thread_of[id(loop)] = loop, ident
            inner = inner.f_back
    found: list[object] = []
    for key, loop in loops.items():
        for task in list(tasks.all_tasks(loop))[:_MOST_TASKS]:
            entry = _attempt(_task, task)
            if entry is not None:
                entry["thread"] = thread_of[key]
                found.append(entry)
    return found + _trio_tasks()


def _task(task: "Any") -> "dict[str, Any]":
    frames = _chain(task.get_coro())
    waiter = getattr(task, "_fut_waiter", None)
    waits = [id(waiter)] if waiter is not None and not waiter.done() else []
    waits += [id(child) for child in getattr(waiter, "_children", ()) if not child.done()]
    coro = task.get_coro()
    return {
        "id": id(task),
        "name": task.get_name(),
        "coro": getattr(coro, "__qualname__", type(coro).__name__),
        "cancelling": task.cancelling(),
        "waits": waits,
        "frames": frames,
    }


def _chain(awaitable: object) -> "list[dict[str, Any]]":
    """Return the frames of a suspended coroutine and of all that it awaits, the innermost first."""
    found: list[dict[str, Any]] = []
    while awaitable is not None and len(found) < _MOST_FRAMES:
        if isinstance(awaitable, CoroutineType):
            frame, awaitable = awaitable.cr_frame, awaitable.cr_await
        elif isinstance(awaitable, GeneratorType):
            frame, awaitable = awaitable.gi_frame, awaitable.gi_yieldfrom
        elif isinstance(awaitable, AsyncGeneratorType):
            frame, awaitable = awaitable.ag_frame, awaitable.ag_await
        else:
            break
        if frame is not None:
            found.append(_frame(frame))
    return found[::-1]


def _trio_tasks() -> "list[object]":
    run: Any = sys.modules.get("trio._core._run")
    runner = getattr(getattr(run, "GLOBAL_RUN_CONTEXT", None), "runner", None)
    found: list[object] = []
    for task in list(getattr(runner, "tasks", ())):
        nurseries = [id(child) for nursery in task.child_nurseries for child in nursery.child_tasks]
        found.append(
            {
                "id": id(task),
                "name": task.name,
                "coro": getattr(task.coro, "__qualname__", task.name),
                "cancelling": int(bool(task._cancel_status.effectively_cancelled)),
                "waits": nurseries,
                "frames": _chain(task.coro),
                "thread": _thread.get_ident(),
            }
        )
    return found
