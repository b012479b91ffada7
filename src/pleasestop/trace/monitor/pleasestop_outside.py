"""Print where each thread and task of another process stands, as the JSON of a snapshot.

`pleasestop.trace.outside` executes this file on the Python that the other process runs: the
module `_remote_debugging`, which reads that process's memory without stopping it, knows its
own version only. (It is what `python -m asyncio pstree` uses, from Python 3.14 on.)
"""

import json
import os
import sys

import _remote_debugging  # type: ignore[import-not-found, unused-ignore]  # from Python 3.14 on

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_LIBRARY = os.path.dirname(os.__file__) + os.sep


def _frame(frame: "Any") -> "dict[str, Any]":
    # From 3.15 on a frame has a location with columns, before only a line.
    place = getattr(frame, "location", None)
    line = getattr(frame, "lineno", 0) if place is None else place.lineno
    span = (0, 0, 0, 0) if place is None else (line, place.end_lineno, place.col_offset, place.end_col_offset)
    library = frame.filename.startswith((_LIBRARY, "<frozen")) and "site-packages" not in frame.filename
    return {
        "file": frame.filename,
        "line": line or 0,
        "function": frame.funcname,
        "span": [part or 0 for part in span],
        "library": library,
    }


def snapshot(pid: int) -> "dict[str, Any]":
    """Return what `pleasestop_snapshot` writes inside of a process, without the details of its objects."""
    unwinder = _remote_debugging.RemoteUnwinder(pid, all_threads=True)
    found = unwinder.get_stack_trace()
    threads = [thread for one in found for thread in getattr(one, "threads", [one])]
    try:
        by_thread = unwinder.get_all_awaited_by()
    except (RuntimeError, OSError):  # asyncio has not been imported there, or a task is of a kind that is not known
        by_thread = []
    tasks: dict[int, dict[str, Any]] = {}
    for one in by_thread:
        for task in one.awaited_by:
            frames = [_frame(frame) for part in task.coroutine_stack for frame in part.call_stack]
            tasks[task.task_id] = {
                "id": task.task_id,
                "name": task.task_name,
                "coro": frames[-1]["function"] if frames else task.task_name,
                "cancelling": 0,
                "waits": [],
                "frames": frames,
                "thread": one.thread_id,
            }
    for one in by_thread:
        for task in one.awaited_by:
            for parent in task.awaited_by:
                if parent.task_name in tasks:
                    tasks[parent.task_name]["waits"].append(task.task_id)
    return {
        "pid": pid,
        "threads": [
            {
                "ident": thread.thread_id,
                "name": "",
                "main": thread.thread_id == pid,
                "daemon": None,
                "frames": [_frame(frame) for frame in thread.frame_info],
            }
            for thread in threads
        ],
        "tasks": list(tasks.values()),
    }


if __name__ == "__main__":
    print(json.dumps(snapshot(int(sys.argv[1]))))
