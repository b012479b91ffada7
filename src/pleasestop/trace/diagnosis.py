"""Say in words why a program did not stop, from where everything stood when it was stopped.

Each rule looks at the snapshot and either knows a reason or is silent. What no rule explains is
described: which call of the program's own text a thread or a task stands at. No rule guesses:
a sentence says what was seen.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, TypeVar

from pleasestop.snippets.runner import LOOKS
from pleasestop.trace import snapshot
from pleasestop.trace.events import TraceEvent
from pleasestop.trace.snapshot import Frame, Process, Task, Thread, executed
from pleasestop.trace.source import Source

T = TypeVar("T")
K = TypeVar("K", str, tuple[str, int, int])

_TRIO_TASKS = ("<init>", "<TrioToken.run_sync_soon task>")

_UNREAD = (
    "has finished its work, and waits until the items that it put into a queue of `multiprocessing` have been read"
)

BUSY = 0.6
"""Share of the looks at a process that find it running, from which it is said to compute."""

LIKE = 3
"""Tasks or threads of one place that are named one by one; of more, the number is given."""

PAGES = {
    "asyncio": ("Cancel a task", "tasks/cancel-a-task.md"),
    "group": ("Stop a group of tasks", "tasks/stop-a-group.md"),
    "thread": ("Stop a thread", "threads/stop-a-thread.md"),
    "process": ("Stop a process", "processes/stop-a-process.md"),
    "pool": ("Cancel a Future, stop an executor", "futures/cancel-a-future.md"),
    "pools": ("Why does multiprocessing hang?", "processes/multiprocessing-hangs.md"),
    "signal": ("What a signal handler may do", "signals/what-a-handler-may-do.md"),
    "exit": ("Exit a program", "programs/exit-a-program.md"),
    "stdin": ("Stop a read from stdin", "threads/stop-a-read-from-stdin.md"),
    "server": ("Stop a server", "programs/stop-a-server.md"),
    "web": ("Stop a web server", "programs/stop-a-web-server.md"),
    "anyio": ("AnyIO and asyncio together", "frameworks/anyio-and-asyncio-together.md"),
    "why": ("Find out why it does not stop", "programs/find-out-why.md"),
}
"""The pages of the site that tell the way out: title and source."""


@dataclass(frozen=True)
class Finding:
    """Something that was seen, in one or two sentences with `code`, and the key of the page that tells the way out."""

    text: str
    page: str = ""


def diagnose(processes: Sequence[Process], events: Sequence[TraceEvent], program: str) -> list[Finding]:
    """Return what kept a program from ending, the reason first.

    `program` is the name of the file whose events were traced.
    """
    finished = any(event.kind == "process.end" and event.process == 0 for event in events)
    pairs = [(finding, process) for process in processes for finding in _of_process(process, processes, finished)]
    found = [*_interrupted(processes, events), *_swallowed(processes, events, program)]
    if spin := next((finding for finding, _ in pairs if finding.page == "anyio"), None):
        found, pairs = [spin], [pair for pair in pairs if pair[0] != spin]
    for finding in dict.fromkeys(finding for finding, _ in pairs):
        alike = [process for other, process in pairs if other == finding]
        name = f"Process {alike[0].number}" if len(alike) == 1 else f"{len(alike)} processes"
        text = f"{name}: {finding.text}" if len(processes) > 1 else _start(finding.text)
        found.append(replace(finding, text=text))
    return found or [Finding("The program ended while it was asked where it stood.")]


# --- rules for one process ---


def _of_process(process: Process, processes: Sequence[Process], finished: bool) -> Iterator[Finding]:
    if _is_helper(process):
        yield Finding("a helper of `multiprocessing`, which exits after the program.", "pools")
        return
    children = _descendants(process, processes)
    alive = {other.pid: other for other in processes}
    if not process.threads:
        yield _without_answer(process, finished and process.number == 1)
        return
    blocked = {one.ident: lock for one in process.threads if (lock := _lock_of(one)) is not None}
    deadlocks = list(_deadlocks(process, blocked))
    yield from deadlocks
    main = process.main
    if main is not None and not (deadlocks and main.ident in blocked):
        yield from _main(process, main, children, alive)
    loops = {task.thread for task in process.tasks}
    for thread in process.threads:
        if thread.ident in loops:
            yield from _loop(process, thread, alive)
    if process.busy >= BUSY:
        yield from _computes(process)
    said = {*loops, *(blocked if deadlocks else ())}
    others = [one for one in process.threads if not one.main and one.ident not in said and _own(one.frames)]
    for text, alike in _alike(others, lambda one: _stands(one.frames)):
        names = _names([_thread_name(one) for one in alike])
        yield Finding(f"{_start(names)} {'stand' if len(alike) > 1 else 'stands'} at {text}.", "thread")


def _descendants(process: Process, processes: Sequence[Process]) -> list[Process]:
    """Return the children of a process and theirs: with a fork server, workers are children of that."""
    found = [process]
    for one in found:
        found += [other for other in processes if other.parent == one.pid]
    return found[1:]


def _is_helper(process: Process) -> bool:
    """Return whether a process is the resource tracker or the fork server, of which a worker is a fork."""
    keys = [frame.key for frame in process.main.frames] if process.main else []
    works = ("process.py", "BaseProcess._bootstrap") in keys or ("util.py", "_exit_function") in keys
    serves = ("forkserver.py", "main") in keys and not works
    return serves or ("resource_tracker.py", "main") in keys


def _without_answer(process: Process, finished: bool) -> Finding:
    where = f"`{process.command}`"
    if finished:
        return Finding(
            "The program has finished, and its exit functions have run, but the interpreter does not end. One reason "
            "is a daemon thread that is blocked in a read of stdin.",
            "stdin",
        )
    if "python" in process.command.partition(" ")[0].rpartition("/")[2]:
        return Finding(
            f"{where} did not answer. It may be in a call that lets no Python code run, block the signal that asks, "
            "run with `-I` or in an environment of its own, or be about to begin or end. `py-spy dump` or `gdb` can "
            "show where it stands.",
            "why",
        )
    return Finding(f"{where} is not a Python program; it was still running.", "process")


def _main(
    process: Process, main: Thread, children: Sequence[Process], alive: Mapping[int, Process]
) -> Iterator[Finding]:
    """Say what the main thread waits for."""
    keys = [frame.key for frame in main.frames]
    if keys and keys[-1] == ("threading.py", "_shutdown"):
        yield from _after_main(process)
    elif ("multiprocessing/queues.py", "Queue._finalize_join") in keys:
        yield Finding(f"The process {_UNREAD}.", "process")
    elif ("util.py", "_exit_function") in keys and ("process.py", "BaseProcess.join") in keys:
        yield Finding(
            f"The program has finished; the interpreter waits for {_process_name(main.frames)} to exit.", "process"
        )
    elif (twice := _handler_inside(main)) is not None:
        yield twice
    elif ("synchronize.py", "Condition.notify") in keys:
        yield Finding(
            f"The main thread stands at {_stands(main.frames)}. `notify()` waits until each process that waited has "
            "woken up, "
            + (
                "and this thread is itself in the `wait()` that its handler interrupted."
                if ("synchronize.py", "Condition.wait") in keys
                else "and one of them does not: it may have been killed or stopped."
            ),
            "pools",
        )
    elif any(key[0] == "pool.py" and key[1].startswith(("ApplyResult.", "IMapIterator.")) for key in keys):
        yield _pool(main, process.threads, children)
    elif _executes(main, ("os.wait(", "os.waitpid(-1", "os.waitid(")):
        yield _all_children(main, children)
    elif _is_idle(main):
        yield Finding("idle, waits for a job of its pool.", "process")
    elif main.ident not in {task.thread for task in process.tasks}:
        yield Finding(f"The main thread {_waits(main.frames)}.{_holders(main.frames, alive)}", _page(main.frames))


def _is_idle(main: Thread) -> bool:
    """Return whether a worker of a `multiprocessing.Pool` waits for its next job."""
    return main.is_in("pool.py", "worker") and main.is_in("multiprocessing/queues.py", "SimpleQueue.get")


def _after_main(process: Process) -> Iterator[Finding]:
    """Say what the interpreter waits for after the last line of the program."""
    threads = [one for one in process.threads if not one.main and not one.daemon]
    pool = [one for one in threads if one.is_in("thread.py", "_worker")]
    for text, alike in _alike(threads, lambda one: _waits(one.frames)):
        one_kind, many = ("a thread of a pool", "threads of a pool")
        if alike[0] not in pool:
            one_kind, many = ("a thread that is not a daemon", "threads that are not daemons")
        if alike[0].daemon is None:
            one_kind, many = ("another thread, unless it is a daemon", "other threads, unless they are daemons")
        yield Finding(
            f"The program has finished, and the interpreter waits for {_names([_thread_name(one) for one in alike])}, "
            f"{one_kind if len(alike) == 1 else many}: {'each' if len(alike) > 1 else 'it'} {text}.",
            "exit",
        )
    if not threads:
        yield Finding("The program has finished, and the interpreter is shutting down.")


def _handler_inside(thread: Thread) -> Finding | None:
    """Find a signal handler that waits for a lock which the interrupted call of the same thread holds."""
    keys = [frame.key for frame in thread.frames]
    for file in ("threading.py", "synchronize.py"):
        inner = [place for place, key in enumerate(keys) if key == (file, "Event.set")]
        outer = [place for place, key in enumerate(keys) if key[0] == file and key[1] in ("Event.wait", "Event.clear")]
        if inner and outer and inner[0] < outer[-1]:
            handler = next((frame for frame in thread.frames[inner[0] :] if frame.own), None)
            at = "" if handler is None else f" at {_place(handler)}"
            return Finding(
                f"A signal handler waits in `set()`{at} for the lock of the event. The same thread holds that lock: "
                f"the handler interrupted its `{keys[outer[-1]][1]}()`, which cannot go on before the handler returns.",
                "signal",
            )
    return None


def _pool(main: Thread, threads: Sequence[Thread], children: Sequence[Process]) -> Finding:
    workers = [child for child in children if child.main and child.main.is_in("pool.py", "worker")]
    idle = [one for one in workers if one.main and _is_idle(one.main)]
    stands = f"The main thread waits at {_stands(main.frames)} for the result of a pool."
    feeder = next((one for one in threads if one.is_in("pool.py", "Pool._handle_tasks")), None)
    if feeder is not None and _own(feeder.frames) is not None:
        return Finding(f"{stands} The jobs for its workers come from {_stands(feeder.frames)}.", "pools")
    if not workers:
        return Finding(stands, "pools")
    if len(idle) == len(workers):
        return Finding(
            f"{stands} All {len(workers)} workers are idle, so a result is lost: a worker that is killed or exits "
            "takes its job with it, or the result could not be sent. The pool does not report that.",
            "pools",
        )
    return Finding(f"{stands} {len(workers) - len(idle)} of {len(workers)} workers are at work.", "pools")


def _all_children(main: Thread, children: Sequence[Process]) -> Finding:
    helpers = [one for one in children if _is_helper(one)]
    stands = f"The main thread waits at {_stands(main.frames)} for any child to exit."
    if helpers:
        return Finding(
            f"{stands} {'One' if len(helpers) == 1 else len(helpers)} of its children "
            f"{'is a helper' if len(helpers) == 1 else 'are helpers'} of `multiprocessing` (the fork server, the "
            "resource tracker), which exits only after the program.",
            "pools",
        )
    return Finding(stands, "process")


def _computes(process: Process) -> Iterator[Finding]:
    swallowed = [task for task in process.tasks if task.cancelling > 1]
    if swallowed and any("anyio" in frame.file for task in process.tasks for frame in task.frames):
        names = _names([_task_name(task) for task in swallowed])
        yield Finding(
            f"The event loop does not rest: an AnyIO cancel scope cancels {names} again in each turn of the "
            "loop, and the cancellation is suppressed each time.",
            "anyio",
        )
        return
    threads = [one for one in process.threads if (own := _own(one.frames)) and own is one.frames[0]]
    where = (
        f": {_names([_thread_name(one) for one in threads])} executes {_stands(threads[0].frames)}"
        if len(threads) == len(process.threads) == 1
        else ""
    )
    looks = f"{round(process.busy * LOOKS)} of {LOOKS} looks"
    yield Finding(f"It computes: a thread of it was running at {looks}{where}.")


# --- locks ---


def _lock_of(thread: Thread) -> tuple[str, int, Frame] | None:
    """Return expression, address and frame of the lock that a thread is blocked on."""
    frame = _own(thread.frames)
    if frame is None:
        return None
    # `with lock:` blocks in the frame itself; a condition, and a lock of multiprocessing, in their methods.
    inner = thread.frames[: thread.frames.index(frame)]
    if any(one.function.rpartition(".")[2] not in ("__enter__", "acquire") for one in inner):
        return None
    wanted = snapshot.wanted_lock(frame)
    return None if wanted is None else (*wanted, frame)


def _deadlocks(process: Process, waiting: Mapping[int, tuple[str, int, Frame]]) -> Iterator[Finding]:
    """Say which thread waits for a lock that another thread holds, and find circles of them."""
    held: dict[int, tuple[Thread, str, int]] = {}
    for thread in process.threads:
        released = {frame.detail.get("released") for frame in thread.frames}  # by the `wait()` of a condition
        for frame in thread.frames:
            for address, (name, line) in snapshot.held_locks(frame).items():
                if address not in released:
                    held[address] = (thread, name, line)
    blocked = [(one, waiting[one.ident]) for one in process.threads if one.ident in waiting]
    next_of = {one.ident: held[wanted[1]][0].ident for one, wanted in blocked if wanted[1] in held}
    circle = [one for one, _ in blocked if _comes_back(one.ident, next_of)]
    if circle:
        parts = []
        for thread, wanted in blocked:
            if thread not in circle:
                continue
            holder, _, line = held[wanted[1]]
            parts.append(
                f"{_thread_name(thread)} waits for `{wanted[0]}` (line {wanted[2].line}), which {_thread_name(holder)} "
                f"holds since line {line}"
            )
        yield Finding(f"Deadlock: {'; '.join(parts)}.", "thread")
    waiters = [thread for thread, _ in blocked if thread not in circle]
    for (name, address, line), alike in _alike(
        waiters, lambda one: (*waiting[one.ident][:2], waiting[one.ident][2].line)
    ):
        many = _start(_names([_thread_name(one) for one in alike]))
        waits = f"{many} wait{'s' if len(alike) == 1 else ''} for the lock `{name}` (line {line})"
        if address in held:
            holder, _, since = held[address]
            yield Finding(
                f"{waits}. {_start(_thread_name(holder))} holds it since line {since}, and stands at "
                f"{_stands(holder.frames)}.",
                "thread",
            )
        elif any("popen_fork" in frame.file for frame in alike[0].frames):
            yield Finding(
                f"{waits}, and no thread of this process holds it. The process was forked: a lock that another thread "
                "held at that moment stays locked in the child.",
                "pools",
            )


def _comes_back(ident: int, next_of: Mapping[int, int]) -> bool:
    """Return whether a thread waits for itself, through the holders of the locks that it and others wait for."""
    seen: set[int] = set()
    holder = next_of.get(ident)
    while holder is not None and holder != ident and holder not in seen:
        seen.add(holder)
        holder = next_of.get(holder)
    return holder == ident


# --- event loops ---


def _loop(process: Process, thread: Thread, alive: Mapping[int, Process]) -> Iterator[Finding]:
    """Say what the tasks of one loop wait for."""
    tasks = [task for task in process.tasks if task.thread == thread.ident]
    by_id = {task.id: task for task in tasks}
    awaits = {task.id: _awaits(task) & by_id.keys() for task in tasks}
    keys = [frame.key for frame in thread.frames]
    own = _own(thread.frames)
    if own is not None and _in_step(thread.frames, own):
        yield Finding(
            f"The event loop computes: when it was asked, it executed {_stands(thread.frames)}. No other task runs "
            "meanwhile."
            if process.busy >= BUSY
            else f"The event loop is blocked: it executes {_stands(thread.frames)}, and no task can run or be "
            "cancelled before that returns.",
            "asyncio",
        )
    if ("runners.py", "Runner.close") in keys:
        yield from _closing(process, tasks)
    leaves = [task for task in tasks if not awaits[task.id] and task.name not in _TRIO_TASKS]
    if own is not None:
        leaves = [task for task in leaves if _own(task.frames) not in thread.frames]
    parents = {one: task for task in tasks for one in awaits[task.id]}
    groups = _alike(leaves, lambda task: _waits(task.frames))
    for text, alike in groups:
        names = _names([_task_name(task) for task in alike])
        awaited = _awaited(alike, parents)
        holders = _holders(alike[0].frames, alive)
        yield Finding(f"{names} {text}{awaited}.{holders}", _page(alike[0].frames))


def _in_step(frames: Sequence[Frame], own: Frame) -> bool:
    """Return whether a frame of the program runs inside the loop, as a step of a task or a callback."""
    inside = frames[frames.index(own) :]
    return any(
        frame.key in (("base_events.py", "BaseEventLoop._run_once"), ("_run.py", "unrolled_run")) for frame in inside
    )


def _closing(process: Process, tasks: Sequence[Task]) -> Iterator[Finding]:
    ended = "The main coroutine has ended, and `asyncio.run()` waits for"
    if any(task.coro == "BaseEventLoop.shutdown_default_executor" for task in tasks):
        pool = {one for task in tasks for frame in task.frames for one in frame.detail.get("threads", ())}
        jobs = [one for one in process.threads if one.ident in pool and one.is_in("thread.py", "_WorkItem.run")]
        for text, alike in _alike(jobs, lambda one: _stands(one.frames)):
            yield Finding(
                f"{ended} {_names([_thread_name(one) for one in alike])} of "
                f"`to_thread()` or `run_in_executor()`: {text}.",
                "thread",
            )
    elif any(task.coro == "BaseEventLoop.shutdown_asyncgens" for task in tasks):
        yield Finding(f"{ended} async generators, which it closes.", "asyncio")
    elif tasks:
        yield Finding(f"{ended} the tasks that it cancelled.", "asyncio")


def _awaits(task: Task) -> set[int]:
    """Return the ids of what a task waits for: its future, and the tasks that the calls in it know of."""
    return {*task.waits, *(one for frame in task.frames for one in frame.detail.get("waits", ()))}


def _awaited(alike: Sequence[Task], parents: dict[int, Task]) -> str:
    """Return who waits for a task, such as "; task `Task-1` waits for it at …"."""
    waiting = {parent.id: parent for task in alike if (parent := parents.get(task.id)) is not None}
    if len(waiting) != 1:
        return ""
    (parent,) = waiting.values()
    return f"; {_task_name(parent)} waits for {'them' if len(alike) > 1 else 'it'} at {_stands(parent.frames)}"


def _interrupted(processes: Sequence[Process], events: Sequence[TraceEvent]) -> Iterator[Finding]:
    """Find a signal handler that returned, while the main thread waits on in the call that it interrupted."""
    main = processes[0].main if processes else None
    handled = [event for event in events if event.kind == "signal" and event.process == 0]
    going_on = ("block", "unblock", "suspend", "yield", "delivered", "raised", "done")
    later = [event for event in events if event.process == 0 and event.kind in going_on]
    if main is None or not handled or (later and later[-1].at > handled[-1].at) or _known(main.frames) is not None:
        return
    if any(frame.function.rpartition(".")[2] == handled[-1].details[0] for frame in main.frames):
        return  # the handler has not returned
    own = _own(main.frames)
    if own is not None and own is main.frames[0]:
        yield Finding(
            f"The signal handler `{handled[-1].details[0]}` ran after {handled[-1].at:.1f} s and returned. The call "
            f"that it interrupted goes on: {_place(own)}.",
            "signal",
        )


def _swallowed(processes: Sequence[Process], events: Sequence[TraceEvent], program: str) -> Iterator[Finding]:
    """Find tasks that were sent a cancellation, received it, and went on."""
    alive = {task.name: task for process in processes for task in process.tasks if task.cancelling}
    names = {(event.process, event.details[0]): str(event.details[1]) for event in events if event.kind == "task.name"}
    received: dict[tuple[int, int], TraceEvent] = {}
    for event in events:
        if event.kind == "delivered" and event.task and str(event.details[0]).startswith("CancelledError"):
            received[event.process, event.task] = event
        elif event.kind == "task.uncancel":
            received.pop((event.process, event.details[0]), None)
    named = set()
    for key, event in received.items():
        name = names.get(key, "")
        if name not in alive or name in named or event.span is None:
            continue
        named.add(name)
        place = _cleanup(alive[name])
        caught = snapshot.catching(program, event.span[0])
        by = f", caught it at line {caught[0]} (`{caught[1]}`)" if caught else ", received it"
        how = f", and is still in its `{place[0]}` block, at {place[1]}" if place else f"{by}, and went on"
        if _own(alive[name].frames) is None:  # where it stands is not known
            how = ", and has not ended"
        yield Finding(f"{_task_name(alive[name])} was cancelled after {event.at:.1f} s{how}.", "asyncio")
    for task in alive.values():
        if task.name not in named:
            times = "once" if task.cancelling == 1 else f"{task.cancelling} times"
            yield Finding(f"{_task_name(task)} was cancelled {times} and has not ended.", "asyncio")


def _cleanup(task: Task) -> tuple[str, str] | None:
    """Return the kind of the block in which a task cleans up, "finally" or "except", and the place; None without."""
    for frame in task.frames:
        text = snapshot.source(frame.file) if frame.own else None
        word = Source(text).cleaning((frame.line, frame.line, 0, 0)) if text else ""
        if word:
            return word, _place(frame)
    return None


# --- words ---

_WAITS: dict[tuple[str, str], tuple[str, str]] = {
    ("threading.py", "Thread.join"): ("waits for thread `{thread}` to end", "thread"),
    ("thread.py", "ThreadPoolExecutor.shutdown"): ("waits for the jobs of a thread pool", "pool"),
    ("queue.py", "Queue.get"): ("waits for an item of a queue, which is empty", "thread"),
    ("queue.py", "Queue.put"): ("waits for room in a queue, which is full ({size} of {maximum} items)", "thread"),
    ("queue.py", "Queue.join"): ("waits until `task_done()` is called for {unfinished} items of a queue", "thread"),
    ("threading.py", "Event.wait"): ("waits for an event that is not set", "thread"),
    ("threading.py", "Barrier.wait"): ("waits at a barrier", "thread"),
    ("_base.py", "Future.result"): ("waits for the result of a future", "pool"),
    ("process.py", "BaseProcess.join"): ("waits for process `{process}` (number {pid}) to exit", "process"),
    ("subprocess.py", "Popen.wait"): ("waits for the process with the number {pid} to exit", "process"),
    ("subprocess.py", "Popen.communicate"): (
        "waits until the process with the number {pid}, and each process that inherited its pipes, closes them",
        "process",
    ),
    ("base_events.py", "Server.wait_closed"): (
        "waits for a server to close; open connections: {connections}",
        "server",
    ),
    ("base_events.py", "Server.serve_forever"): ("serves; open connections: {connections}", "server"),
    ("queues.py", "Queue.get"): ("waits for an item of a queue, which is empty", "asyncio"),
    ("queues.py", "Queue.put"): ("waits for room in a queue, which is full ({size} of {maximum} items)", "asyncio"),
    ("queues.py", "Queue.join"): ("waits until `task_done()` is called for {unfinished} items of a queue", "asyncio"),
    ("multiprocessing/queues.py", "Queue.get"): (
        "waits for an item, or for the lock, of a queue of processes",
        "pools",
    ),
    ("multiprocessing/queues.py", "Queue.put"): ("waits for room in a queue of processes", "pools"),
    ("locks.py", "Lock.acquire"): ("waits for a lock", "asyncio"),
    ("locks.py", "Event.wait"): ("waits for an event that is not set", "asyncio"),
    ("locks.py", "Semaphore.acquire"): ("waits for a semaphore", "asyncio"),
    ("locks.py", "Condition.wait"): ("waits for a condition", "asyncio"),
    ("streams.py", "StreamReader._wait_for_data"): ("waits for data of a connection", "server"),
    ("subprocess.py", "Process.wait"): ("waits for the process with the number {pid} to exit", "process"),
    ("subprocess.py", "Process.communicate"): (
        "waits until the process with the number {pid}, and each process that inherited its pipes, closes them",
        "process",
    ),
    ("taskgroups.py", "TaskGroup.__aexit__"): ("waits at the end of a `TaskGroup` for its tasks", "group"),
    ("taskgroups.py", "TaskGroup._aexit"): ("waits at the end of a `TaskGroup` for its tasks", "group"),
    ("tasks.py", "sleep"): ("sleeps", "asyncio"),
    ("server.py", "Server.main_loop"): ("is uvicorn, which serves until it gets a signal", "web"),
    ("server.py", "Server._wait_tasks_to_complete"): (
        "is uvicorn, which shuts down and waits until all connections are closed and all its tasks have ended",
        "web",
    ),
    ("socketserver.py", "BaseServer.serve_forever"): ("serves until another thread calls `shutdown()`", "server"),
}
"""What a call of the standard library waits for, by file and function, and the page on it."""


def _known(frames: Sequence[Frame]) -> tuple[str, str, dict[str, Any]] | None:
    """Return words and page of the outermost call of the standard library that is known, inside of the own text."""
    own = _own(frames)
    inner = frames if own is None else frames[: frames.index(own)]
    known = [frame for frame in reversed(inner) if frame.key in _WAITS]
    if not known:
        return None
    # `communicate()` ends in `wait()`, once there is nothing to read or write.
    frame = next((one for one in known if one.key == ("subprocess.py", "Popen.wait")), known[0])
    words, page = _WAITS[frame.key]
    detail = frame.detail
    size = detail.get("size", -1)
    if frame.function == "Queue.get" and size > 0:
        words = f"waits in `get()` of a queue that has {size} items: for its lock, or to be woken"
    elif frame.function == "Queue.put" and "size" in detail and not 0 < detail["maximum"] <= size:
        words = "waits in `put()` of a queue that is not full: for its lock, or to be woken"
    elif detail.get("set"):
        words = "waits for an event that is set, and has not been woken"
        if frame.key[0] == "locks.py":
            words += ": `set()` in another thread does not wake the loop"
    elif frame.function == "Popen.wait" and detail.get("unread"):
        words += ", and reads nothing of what it prints into a pipe"
    return words, page, detail


def _waits(frames: Sequence[Frame]) -> str:
    """Return what a thread or a task does, such as "waits for a lock at `async with lock:` (line 4)"."""
    known = _known(frames)
    if known is None:
        return f"stands at {_stands(frames)}"
    try:
        words = known[0].format(**known[2])
    except KeyError:  # the detail could not be read
        words = known[0].partition("{")[0].rstrip(" (;:,`")
    own = _own(frames)
    return words if own is None else f"{words}, at {_place(own)}"


def _page(frames: Sequence[Frame]) -> str:
    known = _known(frames)
    return "" if known is None else known[1]


def _own(frames: Sequence[Frame]) -> Frame | None:
    """Return the innermost frame of the program's own text."""
    return next((frame for frame in frames if frame.own), None)


def _stands(frames: Sequence[Frame]) -> str:
    """Return where a thread or a task stands: in the program's own text, its job, or the innermost call."""
    own = _own(frames)
    if own is not None:
        return _place(own)
    job = next((frame.detail["job"] for frame in frames if frame.detail.get("job")), "")
    if job:
        return f"its job, `{job}()`"
    return f"`{frames[0].function}` in {frames[0].key[0]}" if frames else "a place that is not known"


def _place(frame: Frame) -> str:
    text = executed(frame)
    line = f"line {frame.line} of {frame.key[0]}"
    module = snapshot.source(frame.file)
    whole = module.split("\n")[frame.line - 1].strip() if module and 0 < frame.line <= module.count("\n") + 1 else ""
    if whole.startswith(("with ", "async with ", "for ", "async for ", "while ")):
        text = re.sub(r"\s+#.*$", "", whole)[:80]
    return f"`{text}` ({line})" if text else line


def _executes(thread: Thread, calls: Iterable[str]) -> bool:
    own = _own(thread.frames)
    text = "" if own is None else executed(own)
    return any(call in text for call in calls)


def _holders(frames: Sequence[Frame], alive: Mapping[int, Process]) -> str:
    """Return a sentence on the process that is waited for, if its queue is unread, or if others hold its pipes."""
    pid = next((frame.detail["pid"] for frame in frames if frame.detail.get("pid")), 0)
    if not pid:
        return ""
    if pid in alive:
        main = alive[pid].main
        unread = main is not None and main.is_in("multiprocessing/queues.py", "Queue._finalize_join")
        return f" That process {_UNREAD}." if unread else ""
    others = [one for one in alive.values() if not one.threads]
    held = f" It may have passed its pipes to {_names([f'`{one.command}`' for one in others])}." if others else ""
    return f" That process has exited.{held}"


def _start(text: str) -> str:
    return text[0].upper() + text[1:]


def _process_name(frames: Sequence[Frame]) -> str:
    detail = next((frame.detail for frame in frames if frame.detail.get("process")), {})
    return f"process `{detail['process']}` (number {detail['pid']})" if detail else "a child process"


def _thread_name(thread: Thread) -> str:
    return "the main thread" if thread.main else f"thread `{thread.name}`" if thread.name else "a thread"


def _task_name(task: Task) -> str:
    name = task.coro.rpartition(".")[2]
    last = task.name.rpartition(".")[2]  # AnyIO and Trio name a task by the path of its function
    if task.name.startswith("Task-") or name == last:
        return f"Task `{name}`"
    return f"Task `{last}`" if name == "_run_coro" else f"Task `{task.name}` (`{name}`)"


def _names(names: Sequence[str]) -> str:
    """Return names for a sentence: all of a few, of many how many they are."""
    if len(names) > LIKE:
        kind = names[0].partition(" ")[0].lower()
        return f"{len(names):,} {kind}s"
    unique = list(dict.fromkeys(names))
    if len(unique) == 1 and len(names) > 1:
        return f"{len(names)} times {unique[0]}"
    return unique[0] if len(unique) == 1 else f"{', '.join(unique[:-1])} and {unique[-1]}"


def _alike(things: Iterable[T], place: Callable[[T], K]) -> list[tuple[K, list[T]]]:
    """Group threads or tasks by what is said of them, the rarest first."""
    known: list[tuple[K, T]] = sorted(((place(thing), thing) for thing in things), key=lambda pair: pair[0])
    groups = [(text, [thing for _, thing in group]) for text, group in groupby(known, lambda pair: pair[0])]
    return sorted(groups, key=lambda group: len(group[1]))
