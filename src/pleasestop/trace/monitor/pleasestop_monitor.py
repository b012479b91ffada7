"""Send what a program does while it runs: which task, thread, process, generator, on which line.

The bootstrap imports this module into every Python of a traced run (3.12 or newer), before
the program's first line. It changes nothing that the program can see: `sys.monitoring` adds
no frame, and the one class it replaces (`asyncio.Task`, by a subclass, because the C class is
called from C) keeps name, module and repr. It holds no object of the program, and sends each
event at once, as one datagram into the queue that also takes the program's output; so what
was sent before a `SIGKILL` has arrived, and its place among the printed lines is exact.

An event is `repr((seconds, process, thread, task, generator, kind, span, *details))`: numbers
for the lane (`task` and `generator` are 0 where there is none), the span of the program's
text as (line, end line, column, end column) or None. `pleasestop.trace.events` reads them.
"""

import _socket
import _thread
import atexit
import os
import sys
import time
from sys import monitoring  # type: ignore[attr-defined, unused-ignore]  # from Python 3.12 on
from types import (
    BuiltinFunctionType,
    CodeType,
    FrameType,
    FunctionType,
    MethodDescriptorType,
    MethodType,
)

TYPE_CHECKING = False
if TYPE_CHECKING:  # `typing` and `collections.abc` would be imported into every program that is traced
    from collections.abc import Callable
    from typing import Any

_EVENTS = monitoring.events
_LOCAL = _EVENTS.PY_START | _EVENTS.PY_RETURN | _EVENTS.PY_YIELD | _EVENTS.PY_RESUME | _EVENTS.CALL
_VARARGS, _GENERATOR, _COROUTINE, _ASYNC_GENERATOR = 0x04, 0x20, 0x80, 0x200  # inspect.CO_*

# Calls that are worth an event, by module and qualified name.
_BLOCKING = {
    ("time", "sleep"),
    (None, "lock.acquire"),
    (None, "lock.__enter__"),
    (None, "RLock.acquire"),
    (None, "SimpleQueue.get"),
    ("_queue", "SimpleQueue.get"),
    ("threading", "Event.wait"),
    ("threading", "Thread.join"),
    ("threading", "Condition.wait"),
    ("threading", "Condition.wait_for"),
    ("threading", "Barrier.wait"),
    ("threading", "Semaphore.acquire"),
    ("queue", "Queue.get"),
    ("queue", "Queue.put"),
    ("queue", "Queue.join"),
    ("concurrent.futures._base", "Future.result"),
    ("concurrent.futures._base", "Future.exception"),
    ("concurrent.futures._base", "wait"),
    ("concurrent.futures._base", "Executor.__exit__"),
    ("concurrent.futures.thread", "ThreadPoolExecutor.shutdown"),
    ("concurrent.futures.process", "ProcessPoolExecutor.shutdown"),
    ("multiprocessing.process", "BaseProcess.join"),
    ("multiprocessing.connection", "_ConnectionBase.recv"),
    ("multiprocessing.queues", "Queue.get"),
    ("multiprocessing.synchronize", "Event.wait"),
    ("subprocess", "Popen.wait"),
    ("subprocess", "Popen.communicate"),
    ("subprocess", "run"),
    ("posix", "waitpid"),
    ("posix", "read"),
    ("select", "select"),
    ("signal", "pause"),
    ("_signal", "pause"),
    ("signal", "sigwait"),
    (None, "_io.TextIOWrapper.readline"),
    (None, "TextIOWrapper.readline"),
    (None, "_io.BufferedReader.readline"),
}
_ACTING = {
    ("threading", "Event.set"),
    ("threading", "Thread.start"),
    ("threading", "Timer.cancel"),
    ("threading", "Condition.notify"),
    ("threading", "Condition.notify_all"),
    ("threading", "Barrier.abort"),
    (None, "lock.release"),
    ("queue", "Queue.put_nowait"),
    ("queue", "Queue.shutdown"),
    ("_queue", "SimpleQueue.put"),
    (None, "SimpleQueue.put"),
    ("concurrent.futures._base", "Future.cancel"),
    ("concurrent.futures.thread", "ThreadPoolExecutor.submit"),
    ("concurrent.futures.process", "ProcessPoolExecutor.submit"),
    ("multiprocessing.process", "BaseProcess.start"),
    ("multiprocessing.process", "BaseProcess.terminate"),
    ("multiprocessing.process", "BaseProcess.kill"),
    ("multiprocessing.process", "BaseProcess.interrupt"),
    ("multiprocessing.synchronize", "Event.set"),
    ("multiprocessing.queues", "Queue.put"),
    ("subprocess", "Popen.terminate"),
    ("subprocess", "Popen.kill"),
    ("subprocess", "Popen.send_signal"),
    ("asyncio.subprocess", "Process.terminate"),
    ("asyncio.subprocess", "Process.kill"),
    ("asyncio.subprocess", "Process.send_signal"),
    ("asyncio.base_events", "BaseEventLoop.call_later"),
    ("asyncio.base_events", "BaseEventLoop.call_at"),
    ("asyncio.base_events", "BaseEventLoop.call_soon"),
    ("asyncio.base_events", "BaseEventLoop.call_soon_threadsafe"),
    ("asyncio.base_events", "BaseEventLoop.stop"),
    ("asyncio.events", "Handle.cancel"),
    ("asyncio.events", "TimerHandle.cancel"),
    ("asyncio.locks", "Event.set"),
    ("asyncio.locks", "Condition.notify"),
    ("asyncio.locks", "Condition.notify_all"),
    ("asyncio.queues", "Queue.put_nowait"),
    ("asyncio.queues", "Queue.shutdown"),
    ("asyncio.tasks", "run_coroutine_threadsafe"),
    ("asyncio.taskgroups", "TaskGroup.cancel"),
    ("asyncio.timeouts", "Timeout.reschedule"),
    (None, "Future.cancel"),
    (None, "Future.set_result"),
    ("posix", "kill"),
    ("posix", "killpg"),
    ("_signal", "raise_signal"),
    ("_signal", "setitimer"),
    ("_signal", "alarm"),
    ("signal", "raise_signal"),
    ("signal", "setitimer"),
    ("signal", "alarm"),
    ("trio", "CancelScope.cancel"),
    ("trio", "Event.set"),
    (None, "generator.close"),
    (None, "generator.throw"),
    ("builtins", "print"),
    ("sys", "exit"),
}
# Code of the standard library, and of Trio's scheduler, that runs without a call from the program.
_PROBES = {
    ("threading.py", "Thread._bootstrap_inner"): "thread",
    ("process.py", "BaseProcess._bootstrap"): "process",
    ("thread.py", "_WorkItem.run"): "job",
    ("subprocess.py", "Popen.__init__"): "popen",
    ("process.py", "BaseProcess.start"): "started",
    ("process.py", "BaseProcess.join"): "joined",
    ("subprocess.py", "Popen.wait"): "waited",
    ("subprocess.py", "Process.wait"): "waited",
    ("_base.py", "Future.cancel"): "answer",
    ("_run.py", "<module>"): "trio",
    ("_run.py", "Runner.spawn_impl"): "spawned",
    ("_run.py", "Runner.task_exited"): "exited",
}
_TASKS = os.path.join("asyncio", "tasks.py")
_TRIO = os.path.join("trio", "_core", "_run.py")
_SUBPROCESS = os.path.join(os.path.dirname(os.__file__), "subprocess.py")
_args_of = vars(BaseException)["args"].__get__  # an exception may have `args` of its own
_traceback_of = vars(BaseException)["__traceback__"].__get__
_TOOL = 4  # the numbers 0 to 2 and 5 belong to debuggers, coverage, profilers and optimizers
_MOST = 2_000  # events of one function; then it is no longer watched, because that would slow the program down
_LONGEST = 200  # letters of a text that are sent: a datagram has a limit
_MOST_BITS = 256  # of a number that is sent: repr raises ValueError for one of more than 4,300 digits
_CALLABLE = (FunctionType, BuiltinFunctionType, MethodType, MethodDescriptorType)
_LIBRARY = os.path.dirname(os.__file__) + os.sep


class _Monitor:
    """One process of a traced run."""

    def __init__(self, address: str, target: str) -> None:
        self.target = target
        self.tool = _TOOL
        self.socket = _socket.socket(_socket.AF_UNIX, _socket.SOCK_DGRAM)
        self.socket.connect(address)
        self.probes: dict[CodeType, str] = {}
        self.spans: dict[CodeType, list[tuple[object, ...]]] = {}
        self.waited: set[CodeType] = set()
        self.bodies: set[CodeType] = set()  # of tasks that run a coroutine of the library
        self.counts: dict[CodeType, int] = {}
        self.generators: dict[int, int] = {}
        self.raised: dict[tuple[int, int, int], tuple[object, ...]] = {}
        self.count = 0
        # Known once `asyncio.tasks` or Trio is imported.
        self.asyncio_task: Callable[[], Any] = lambda: None
        self.trio_task: Callable[[], Any] = lambda: None
        self.trio_numbers: dict[int, int] = {}
        callbacks = {
            "PY_START": self.start,
            "PY_RETURN": self.returned,
            "PY_YIELD": self.yielded,
            "PY_RESUME": self.resumed,
            "PY_THROW": self.thrown,
            "PY_UNWIND": self.unwound,
            "RAISE": self.raises,
            "CALL": self.called,
            "C_RETURN": self.c_done,
            "C_RAISE": self.c_done,
        }
        monitoring.use_tool_id(self.tool, "please stop")
        for name, function in callbacks.items():
            monitoring.register_callback(self.tool, getattr(_EVENTS, name), function)
        monitoring.set_events(self.tool, _EVENTS.PY_START | _EVENTS.PY_THROW | _EVENTS.PY_UNWIND | _EVENTS.RAISE)
        os.register_at_fork(after_in_child=self.forked)
        # Registered first, so run last. Left on, a callback could run while modules are torn down.
        atexit.register(self.end)

    # --- sending ---

    def send(self, kind: str, span: object, *details: object, generator: int = 0) -> None:
        event = (
            time.monotonic(),
            os.getpid(),
            _thread.get_ident(),
            self.number_of_task(),
            generator,
            kind,
            span,
            *map(_exact, details),
        )
        try:
            self.socket.send(repr(event).encode())
        except OSError:
            self.off()  # the receiver is gone: the run was stopped

    def off(self) -> None:
        if monitoring.get_tool(self.tool) is not None:
            monitoring.set_events(self.tool, 0)
            for code in (*self.spans, *self.probes, *self.waited, *self.bodies):
                monitoring.set_local_events(self.tool, code, 0)

    def end(self) -> None:
        self.send("process.end", None)
        self.off()

    def forked(self) -> None:
        self.send("process.begin", None, os.getppid())

    # --- where it stands ---

    def number_of_task(self) -> int:
        """Return the number of the task that runs in this thread, 0 if none does."""
        task = self.asyncio_task()
        if task is not None:
            return getattr(task, "_pleasestop", 0)
        task = self.trio_task()
        return 0 if task is None else self.trio_numbers.get(id(task), 0)

    def tires(self, code: CodeType) -> bool:
        """Count an event of a function of the program; after too many, stop watching it and return True."""
        count = self.counts[code] = self.counts.get(code, 0) + 1
        if count < _MOST:
            return False
        self.send("quiet", (code.co_firstlineno,) * 2, code.co_name)
        monitoring.set_local_events(self.tool, code, 0)
        del self.spans[code]
        return True

    def arm(self, code: CodeType) -> None:
        """Enable events for a code object of the program, and for all that is defined in it."""
        if code in self.spans:
            return
        self.spans[code] = list(code.co_positions())
        monitoring.set_local_events(self.tool, code, _LOCAL)
        for constant in code.co_consts:
            # From 3.14 on, annotations are evaluated by a function of their own.
            if isinstance(constant, CodeType) and constant.co_name != "__annotate__":
                self.arm(constant)

    def span(self, code: CodeType, offset: int) -> object:
        line, last, column, end = self.spans[code][offset // 2]
        return (line, last, column, end)

    def stands(self, frame: "FrameType | None") -> object:
        """Return the span of the program's own text that `frame` was called from.

        What called the loop that runs a task is not what the task does.
        """
        while frame is not None:
            if frame.f_code in self.spans:
                return self.span(frame.f_code, frame.f_lasti)
            frame = None if frame.f_code in self.bodies and self.is_top(frame) else frame.f_back
        return None

    def generator(self, code: CodeType, frame: FrameType) -> int:
        if not code.co_flags & (_GENERATOR | _ASYNC_GENERATOR):
            return 0
        number = self.generators.get(id(frame))
        if number is None:
            self.count += 1
            number = self.generators[id(frame)] = self.count
        return number

    def is_top(self, frame: FrameType) -> bool:
        """Return whether `frame` is the outermost of the current task."""
        task = self.asyncio_task()
        coroutine = getattr(self.trio_task(), "coro", None) if task is None else task.get_coro()
        return getattr(coroutine, "cr_frame", None) is frame

    # --- callbacks of sys.monitoring ---

    def start(self, code: CodeType, offset: int) -> object:
        if code in self.spans:
            if self.tires(code):
                return monitoring.DISABLE
            frame = sys._getframe(1)
            back = frame.f_back
            generator = self.generator(code, frame)
            if code.co_flags & _COROUTINE or generator:
                self.send("begin", (code.co_firstlineno,) * 2, code.co_name, generator=generator)
            elif (number := self.signal_of(code, frame)) is not None:
                self.send("signal", (code.co_firstlineno,) * 2, code.co_name, number)
            elif back is None or back.f_code not in self.spans:
                self.send("enter", (code.co_firstlineno,) * 2, code.co_name)
            return None
        if code in self.bodies:
            if self.is_top(sys._getframe(1)):
                self.send("begin", None, code.co_name)
            return None
        probe = self.probes.get(code)
        if probe is None:
            probe = self.meet(code)
            if probe is None:
                return monitoring.DISABLE
        frame = sys._getframe(1)
        if probe == "thread":
            this = frame.f_locals["self"]
            self.send("thread.begin", None, this._name, this._daemonic, id(this))
        elif probe == "process":
            self.send("process.begin", None, frame.f_locals["self"]._name, id(frame.f_locals["self"]))
        elif probe == "job":
            self.send("job.begin", None, id(frame.f_locals["self"].future))
        return None

    def signal_of(self, code: CodeType, frame: FrameType) -> "int | None":
        """Return the signal that a function is called for: handlers get its number and a frame."""
        if code.co_argcount == 2:
            given = tuple(frame.f_locals.get(name) for name in code.co_varnames[:2])
        elif code.co_argcount == 0 and code.co_flags & _VARARGS:
            given = frame.f_locals.get(code.co_varnames[code.co_kwonlyargcount], ())
        else:
            return None
        number, where = given if len(given) == 2 else (None, None)
        return number if isinstance(number, int) and isinstance(where, FrameType) else None

    def meet(self, code: CodeType) -> "str | None":
        """Inspect a code object that starts for the first time; return which probe it is."""
        name = code.co_filename
        if name == self.target:
            if code.co_name == "<module>":
                self.arm(code)
            return None
        if not name.startswith(_LIBRARY) and not name.endswith(_TRIO):
            return None
        if code.co_name == "<module>" and name.endswith(_TASKS):
            self.probes[code] = "tasks"
            monitoring.set_local_events(self.tool, code, _EVENTS.PY_RETURN)
            return "tasks"
        probe = _PROBES.get((os.path.basename(name), code.co_qualname))
        if probe is not None:
            self.probes[code] = probe
            monitoring.set_local_events(self.tool, code, _EVENTS.PY_START | _EVENTS.PY_RETURN)
        return probe

    def returned(self, code: CodeType, offset: int, value: object) -> object:
        frame = sys._getframe(1)
        if code in self.spans:
            self.leave(code, frame, "return", self.span(code, offset))
            return None
        probe = self.probes.get(code)
        if probe is not None:
            self.probed(probe, frame, value)
        elif code.co_flags & _COROUTINE and self.is_top(frame):
            self.send("done", None, "return")
        if code in self.waited and frame.f_back is not None and frame.f_back.f_code in self.spans:
            self.send("unblock", self.stands(frame.f_back), _plain(value))
        return None

    def probed(self, probe: str, frame: FrameType, value: object) -> None:
        this: Any = frame.f_locals.get("self")
        if probe == "tasks":
            self.replace_task_class(frame.f_globals)
        elif probe == "thread":
            self.send("thread.end", None)
        elif probe == "job":
            self.send("job.end", None)
        elif probe == "popen":
            span = None if self.is_helper(frame) else self.stands(frame)
            self.send("process.start", span, getattr(this, "pid", 0), _command(frame.f_locals["args"]))
        elif probe == "started":
            self.send("process.start", self.stands(frame), this._popen.pid, this._name)
        elif probe == "joined" and this._popen is not None and this._popen.returncode is not None:
            self.send("process.exit", None, this._popen.pid, this._popen.returncode)
        elif probe == "waited" and isinstance(value, int):
            self.send("process.exit", None, this.pid, value)
        elif probe == "answer":
            self.send("future.cancel", self.stands(frame.f_back), id(this), value)
        elif probe == "trio":
            context = frame.f_globals["GLOBAL_RUN_CONTEXT"]
            self.trio_task = lambda: getattr(context, "task", None)
        elif probe == "spawned" and value is not None and not frame.f_locals["system_task"]:
            task: Any = value
            self.count += 1
            self.trio_numbers[id(task)] = self.count
            self.send("task.create", self.stands(frame), self.count, task.coro.__name__)
            self.send("task.name", None, self.count, task.name)
        elif probe == "exited":
            self.trio_numbers.pop(id(frame.f_locals["task"]), None)

    @staticmethod
    def is_helper(frame: "FrameType | None") -> bool:
        """Return whether the standard library starts a command for itself, as `ctypes.util` starts `ldconfig`."""
        while frame is not None and frame.f_code.co_filename == _SUBPROCESS:
            frame = frame.f_back
        file = "" if frame is None else frame.f_code.co_filename
        runs_for_others = ("site-packages", os.path.join("asyncio", ""), os.path.join("concurrent", ""))
        return file.startswith(_LIBRARY) and not any(folder in file for folder in runs_for_others)

    def leave(self, code: CodeType, frame: FrameType, how: str, span: object) -> None:
        """Send the end of a frame of the program, and of the generator, task or callback that it is."""
        back = frame.f_back
        generator = self.generator(code, frame)
        if generator:
            del self.generators[id(frame)]
            self.send("done", span, how, generator=generator)
        elif code.co_flags & _COROUTINE:
            if self.is_top(frame):
                self.send("done", span, how)
        elif back is None or back.f_code not in self.spans:
            self.send("leave", span, how, code.co_name)

    def yielded(self, code: CodeType, offset: int, value: object) -> None:
        if self.tires(code):
            return
        frame = sys._getframe(1)
        generator = self.generator(code, frame)
        gives = generator and (code.co_flags & _GENERATOR or type(value).__name__ == "async_generator_wrapped_value")
        self.send("yield" if gives else "suspend", self.span(code, offset), generator=generator)

    def resumed(self, code: CodeType, offset: int) -> None:
        self.send("resume", self.span(code, offset), generator=self.generator(code, sys._getframe(1)))

    def thrown(self, code: CodeType, offset: int, error: BaseException) -> None:
        if code in self.spans:
            frame = sys._getframe(1)
            number = self.generator(code, frame)
            if self.is_new(error, number):
                self.send("delivered", self.span(code, offset), _named(error), generator=number)
        elif code in self.bodies and self.is_top(sys._getframe(1)):
            self.send("delivered", None, _named(error))

    def raises(self, code: CodeType, offset: int, error: BaseException) -> None:
        if code in self.spans:
            frame = sys._getframe(1)
            number = self.generator(code, frame)
            if self.is_new(error, number):
                trace = _traceback_of(error)
                if trace is not None and trace.tb_frame is frame:
                    offset = trace.tb_lasti  # the event names what was executed before a call of Python code
                self.send("raised", self.span(code, offset), _named(error), generator=number)

    def is_new(self, error: BaseException, generator: int) -> bool:
        """Return whether this lane sees `error` for the first time; by its address and its place, to hold nothing."""
        lane = (_thread.get_ident(), self.number_of_task(), generator)
        trace = _traceback_of(error)
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        seen = (id(error), *((None, 0) if trace is None else (id(trace.tb_frame.f_code), trace.tb_lasti)))
        if self.raised.get(lane) == seen:
            return False
        self.raised[lane] = seen
        return True

    def unwound(self, code: CodeType, offset: int, error: BaseException) -> None:
        if code in self.spans:
            self.leave(code, sys._getframe(1), _named(error), self.span(code, offset))
        elif code in self.waited:
            frame = sys._getframe(1)
            if frame.f_back is not None and frame.f_back.f_code in self.spans:
                self.send("unblock", self.stands(frame.f_back), _named(error))
        elif code.co_flags & _COROUTINE and self.is_top(sys._getframe(1)):
            self.send("done", None, _named(error))
        elif self.probes.get(code) == "thread":
            self.send("thread.end", None)

    def called(self, code: CodeType, offset: int, function: object, first: object) -> object:
        known = self.known(function)
        if known is None:
            return monitoring.DISABLE  # this place calls nothing that is worth an event
        if self.tires(code):
            return None
        kind, name = known
        this = function.__self__ if isinstance(function, (MethodType, BuiltinFunctionType)) else first
        link: object = None
        if name in ("generator.close", "generator.throw"):
            link = self.generators.get(id(getattr(this, "gi_frame", None)))
        elif name.startswith(("BaseProcess.", "Popen.", "Process.")):
            link = getattr(this, "pid", None)
        elif name in ("kill", "killpg"):
            link = first
        else:
            link = id(this)
        self.send(kind, self.span(code, offset), name, link)
        return None

    def known(self, function: object) -> "tuple[str, str] | None":
        """Return kind and name of a call that is worth an event; touches no attribute of the program's own classes."""
        if not isinstance(function, _CALLABLE):
            return None
        plain = function.__func__ if isinstance(function, MethodType) else function
        if not isinstance(plain, _CALLABLE):
            return None
        name = plain.__qualname__
        module = getattr(plain, "__module__", None)
        if type(module) not in (str, type(None)):
            return None  # the program has set one that may have no hash
        if (module, name) in _BLOCKING:
            inner = getattr(plain, "__code__", None)
            if inner is not None and inner not in self.waited:
                self.waited.add(inner)
                if inner not in self.probes:
                    monitoring.set_local_events(self.tool, inner, _EVENTS.PY_RETURN)
            return "block", name
        return ("call", name) if (module, name) in _ACTING else None

    def c_done(self, code: CodeType, offset: int, function: object, first: object) -> None:
        known = self.known(function)
        if known is not None and known[0] == "block":
            self.send("unblock", self.span(code, offset), "")

    # --- asyncio's tasks ---

    def replace_task_class(self, module: "dict[str, Any]") -> None:
        """Replace the class of tasks; `module` is the namespace of `asyncio.tasks`, just executed."""
        from _asyncio import _get_running_loop, current_task  # type: ignore[attr-defined]

        monitor, base = self, module["Task"]

        class Task(base):  # type: ignore[misc, valid-type]
            __doc__ = base.__doc__

            def __init__(self, coro: object, **options: object) -> None:
                monitor.count += 1
                self._pleasestop = monitor.count
                code = getattr(coro, "cr_code", None)
                name = getattr(coro, "__name__", type(coro).__name__)
                if isinstance(code, CodeType) and code not in monitor.spans and code not in monitor.probes:
                    monitor.bodies.add(code)
                    monitoring.set_local_events(monitor.tool, code, _EVENTS.PY_START | _EVENTS.PY_RETURN)
                monitor.send("task.create", monitor.stands(sys._getframe(1)), self._pleasestop, name)
                base.__init__(self, coro, **options)
                if self._source_traceback:
                    del self._source_traceback[-1]  # in debug mode: the entry of this very frame
                monitor.send("task.name", None, self._pleasestop, self.get_name())

            def cancel(self, msg: object = None) -> bool:
                caller = sys._getframe(1)
                who = "" if caller.f_code in monitor.spans else caller.f_code.co_qualname
                if caller.f_code is Task.cancel.__code__:
                    who = f"task {caller.f_locals['self']._pleasestop}"
                monitor.send("task.cancel", monitor.stands(caller), self._pleasestop, not self.done(), _plain(msg), who)
                return bool(base.cancel(self, msg))

            def uncancel(self) -> int:
                left: int = base.uncancel(self)
                caller = sys._getframe(1)
                who = "" if caller.f_code in monitor.spans else caller.f_code.co_qualname
                monitor.send("task.uncancel", monitor.stands(caller), self._pleasestop, left, who)
                return left

            def set_name(self, value: object) -> None:
                base.set_name(self, value)
                monitor.send("task.name", None, self._pleasestop, self.get_name())

        methods: tuple[Any, ...] = (Task.__init__, Task.cancel, Task.uncancel, Task.set_name)
        for method in methods:
            method.__qualname__ = f"Task.{method.__name__}"
        Task.__module__, Task.__qualname__ = base.__module__, base.__qualname__
        module["Task"] = Task
        module["eager_task_factory"] = module["create_eager_task_factory"](Task)

        def running() -> object:
            loop = _get_running_loop()
            return None if loop is None else current_task(loop)

        self.asyncio_task = running


def _named(error: BaseException) -> str:
    """Return the name of an exception and, where that is plain, its message; calls nothing of the program."""
    name = type(error).__name__
    values = _args_of(error)
    return f"{name}({_plain(values[0])})" if len(values) == 1 and type(values[0]) in (str, int) else name


def _plain(value: object) -> str:
    if type(value) is int and value.bit_length() > _MOST_BITS:
        return "int"
    return repr(value)[:80] if type(value) in (str, int, float, bool, type(None)) else type(value).__name__


def _exact(value: object) -> object:
    """Return a short value whose repr can be read back: a subclass of the program may have a repr of its own."""
    if value is None or type(value) is bool:
        return value
    if isinstance(value, str):
        return str.__getitem__(value, slice(_LONGEST))
    if isinstance(value, int) and int.bit_length(value) <= _MOST_BITS:
        return int.__add__(value, 0)
    return type(value).__name__


def _command(args: object) -> str:
    """Return the first letters of a command, whatever types its words have; calls nothing of the program."""
    words: Any = args if type(args) in (list, tuple) else [args]
    paths = (bytes, getattr(sys.modules.get("pathlib"), "PosixPath", bytes))
    return " ".join(os.fsdecode(word) if type(word) in paths else str(_exact(word)) for word in words)[:60]


def install(address: str, target: str) -> None:
    """Monitor this process: send to the socket at `address` what the program `target` does."""
    _Monitor(address, target).send("process.begin", None, os.getppid())
