# SPDX-License-Identifier: 0BSD
"""What `LoopThread` promises, one test each."""

import asyncio
import concurrent.futures
import contextlib
import contextvars
import gc
import math
import os
import signal
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import (
    AsyncIterator,
    Callable,
    Coroutine,
    Iterator,
)
from pathlib import Path
from typing import Any

import pytest

from loop_thread import LoopThread

LONG = 60.0  # seconds; reached only when a promise is broken
posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX")


@contextlib.contextmanager
def _loop(**options: Any) -> Iterator[tuple[LoopThread, list[Any]]]:
    """Give a loop, and what is reported in it; check that it is left empty."""
    reports: list[Any] = []
    threads = threading.active_count()

    async def watch() -> None:
        asyncio.get_running_loop().set_exception_handler(
            lambda _, context: reports.append(context["message"])
        )

    with LoopThread(**options) as loop:
        loop.run(watch())
        yield loop, reports
        gc.collect()
    assert threading.active_count() == threads


class _Job:
    """A coroutine that runs until it is cancelled, then cleans up."""

    def __init__(self, *, slow: bool = False) -> None:
        self.log: list[str] = []
        self.begun = threading.Event()
        self.cleaning = threading.Event()
        self.clean = threading.Event()
        self.ended = threading.Event()
        if not slow:
            self.clean.set()

    async def run(self) -> str:
        self.begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.log.append("cleaning")
            self.cleaning.set()
            try:
                await asyncio.to_thread(self.clean.wait, LONG)
                self.log.append("clean")
            except asyncio.CancelledError:
                self.log.append("cut off")
                raise
            finally:
                self.ended.set()
        return "never"


async def _forever() -> None:
    await asyncio.Event().wait()


async def _answer() -> int:
    await asyncio.sleep(0)
    return 42


def _in_thread(
    function: Callable[[], Any],
) -> "concurrent.futures.Future[Any]":
    """Call a function in a thread, which ends with it."""
    future: concurrent.futures.Future[Any] = (
        concurrent.futures.Future()
    )

    def call() -> None:
        try:
            result = function()
        except BaseException as error:  # noqa: BLE001
            future.set_exception(error)
        else:
            future.set_result(result)

    threading.Thread(target=call, daemon=True).start()
    return future


def _is_closed(coroutine: "Coroutine[Any, Any, Any]") -> bool:
    with pytest.raises(RuntimeError, match="cannot reuse"):
        coroutine.send(None)
    return True


def test_result() -> None:
    """`run` returns what the coroutine returns, which runs in the thread of the loop."""

    async def ident() -> int:
        await asyncio.sleep(0)
        return threading.get_ident()

    with _loop() as (loop, _):
        assert loop.run(_answer()) == 42
        first = loop.run(ident())
        assert first != threading.get_ident()
        assert loop.run(ident()) == first


def test_exception() -> None:
    """`run` raises what the coroutine raises, and the loop goes on; nothing is reported, and no reference cycle is left."""

    class Value:
        pass

    kept: "list[weakref.ref[Value]]" = []

    async def fail() -> None:
        value = Value()
        kept.append(weakref.ref(value))
        raise ValueError("bad")

    def call(loop: LoopThread) -> None:
        value = Value()
        kept.append(weakref.ref(value))
        with pytest.raises(ValueError, match="bad") as caught:
            loop.run(fail())
        del caught

    gc.disable()
    try:
        with _loop() as (loop, reports):
            call(loop)
            assert loop.run(_answer()) == 42
            assert [one() for one in kept] == [None, None]
    finally:
        gc.enable()
    assert reports == []


def test_timeout() -> None:
    """When the time is up, the limit cancels the coroutine once; `run` waits for its cleanup, and then raises TimeoutError."""
    job = _Job(slow=True)
    with _loop() as (loop, reports):
        call = _in_thread(lambda: loop.run(job.run(), 0.01))
        assert job.cleaning.wait(LONG)
        assert not call.done()
        job.clean.set()
        with pytest.raises(TimeoutError):
            call.result(LONG)
        assert job.log == ["cleaning", "clean"]
        assert loop.run(_answer(), LONG) == 42
    assert reports == []


@pytest.mark.parametrize("timeout", [0, -1, -math.inf, math.nan])
def test_no_time(timeout: float) -> None:
    """With a timeout of zero or less, or NaN, the coroutine is cancelled at its first wait."""
    job = _Job()
    with _loop() as (loop, _):
        with pytest.raises(TimeoutError):
            loop.run(job.run(), timeout)
        assert job.log == ["cleaning", "clean"]
        assert loop.run(_answer(), LONG) == 42


@pytest.mark.parametrize("timeout", [None, math.inf, 1e300])
def test_no_limit(timeout: float | None) -> None:
    """None and `math.inf` are no limit."""
    with _loop() as (loop, _):
        assert loop.run(_answer(), timeout) == 42
        assert loop.run(coro=_answer(), timeout=timeout) == 42


def test_timeout_and_result() -> None:
    """A coroutine that returns or fails although it was cancelled: its value is returned, its exception is raised."""

    async def stubborn() -> str:
        try:
            await _forever()
        except asyncio.CancelledError:
            await asyncio.sleep(0)
        return "finished anyway"

    async def breaks() -> None:
        try:
            await _forever()
        finally:
            raise OSError("cleanup")

    with _loop() as (loop, reports):
        assert loop.run(stubborn(), 0.01) == "finished anyway"
        with pytest.raises(OSError, match="cleanup"):
            loop.run(breaks(), 0.01)
    assert reports == []


def test_own_timeout_error() -> None:
    """A TimeoutError of the coroutine itself is raised as it is."""

    async def fail() -> None:
        raise TimeoutError("mine")

    with _loop() as (loop, _):
        with pytest.raises(TimeoutError, match="mine"):
            loop.run(fail(), LONG)


def test_cancelled_by_other_code() -> None:
    """A coroutine that other code cancels, or that cancels itself: `run` raises concurrent.futures.CancelledError."""

    async def cancel_self() -> None:
        task = asyncio.current_task()
        assert task is not None
        task.cancel()
        await asyncio.sleep(0)

    async def cancel_others() -> None:
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()

    job = _Job()
    with _loop() as (loop, reports):
        with pytest.raises(concurrent.futures.CancelledError):
            loop.run(cancel_self())
        call = _in_thread(lambda: loop.run(job.run(), LONG))
        assert job.begun.wait(LONG)
        loop.run(cancel_others())
        with pytest.raises(concurrent.futures.CancelledError):
            call.result(LONG)
        assert job.log == ["cleaning", "clean"]
    assert reports == []


def test_context_variables() -> None:
    """The coroutine has a copy of the context variables of the thread that calls."""
    user = contextvars.ContextVar("user", default="nobody")

    async def rename() -> str:
        name = user.get()
        user.set("changed in the loop")
        return name

    def call() -> str:
        user.set("alice")
        seen = loop.run(rename())
        assert user.get() == "alice"
        return seen

    with _loop() as (loop, _):
        assert _in_thread(call).result(LONG) == "alice"
        assert loop.run(rename()) == "nobody"


def test_many_threads() -> None:
    """Many threads may call `run` at once, each with an answer of its own."""

    async def echo(number: int) -> int:
        await asyncio.sleep(0)
        return number

    with _loop() as (loop, _):
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            call = lambda n: loop.run(echo(n), LONG)  # noqa: E731
            assert list(pool.map(call, range(200))) == list(
                range(200)
            )


def test_stop_cancels_all() -> None:
    """The end of the block cancels each task that is left, waits for its cleanup without a second cancellation, and ends the thread."""
    job = _Job(slow=True)
    kept: list[Any] = []

    async def begin() -> None:
        kept.append(asyncio.create_task(job.run()))
        await asyncio.sleep(0)

    with _loop() as (loop, reports):
        loop.run(begin())
        call = _in_thread(loop.stop)
        assert job.cleaning.wait(LONG)
        assert not call.done()
        job.clean.set()
        call.result(LONG)
    assert job.log == ["cleaning", "clean"]
    assert kept[0].cancelled()
    assert reports == []


@pytest.mark.filterwarnings("ignore")
def test_stop_and_tasks_of_a_cleanup() -> None:
    """A task that a cleanup starts during `stop` and awaits runs to its end; one that nobody awaits is dropped, as by `asyncio.run`."""
    log: list[str] = []
    kept: list[Any] = []

    async def awaited() -> None:
        await asyncio.sleep(0)
        log.append("awaited")

    async def forgotten() -> None:
        kept.append(asyncio.current_task())
        await _forever()

    async def work() -> None:
        try:
            await _forever()
        finally:
            kept.append(asyncio.create_task(forgotten()))
            await asyncio.create_task(awaited())

    async def begin() -> None:
        kept.append(asyncio.create_task(work()))
        await asyncio.sleep(0)

    loop = LoopThread()
    loop.run(begin())
    loop.stop()
    assert log == ["awaited"]
    assert [task.done() for task in kept] == [True, False, False]
    kept.clear()
    gc.collect()  # prints that a task was pending


def test_stop_closes_generators_and_executor() -> None:
    """`stop` closes the async generators that are open, and ends the threads of the default executor."""
    log: list[str] = []
    kept: list[Any] = []

    async def numbers() -> AsyncIterator[int]:
        try:
            yield 1
        finally:
            await asyncio.sleep(0)
            log.append("closed")

    async def use() -> None:
        kept.append(numbers())
        await anext(kept[0])
        await asyncio.to_thread(log.append, "executed")

    with _loop() as (loop, _):
        loop.run(use())
    assert log == ["executed", "closed"]


def test_stop_while_run_waits() -> None:
    """A thread that waits in `run` while another one calls `stop` gets concurrent.futures.CancelledError, after the cleanup."""
    jobs = [_Job(), _Job()]
    with _loop() as (loop, reports):
        calls = [
            _in_thread(lambda: loop.run(jobs[0].run())),
            _in_thread(lambda: loop.run(jobs[1].run(), LONG)),
        ]
        for job in jobs:
            assert job.begun.wait(LONG)
        loop.stop()
        for call, job in zip(calls, jobs, strict=True):
            with pytest.raises(concurrent.futures.CancelledError):
                call.result(LONG)
            assert job.log == ["cleaning", "clean"]
    assert reports == []


def test_stop_twice() -> None:
    """`stop` can be called twice, and by two threads at once; each call waits, and the second one cancels nothing."""
    job = _Job(slow=True)
    with _loop() as (loop, _):
        call = _in_thread(lambda: loop.run(job.run()))
        assert job.begun.wait(LONG)
        first = _in_thread(loop.stop)
        assert job.cleaning.wait(LONG)
        second = _in_thread(loop.stop)
        with pytest.raises(concurrent.futures.TimeoutError):
            second.result(0.02)
        assert not first.done()
        job.clean.set()
        first.result(LONG)
        second.result(LONG)
        loop.stop()
        assert isinstance(
            call.exception(LONG), concurrent.futures.CancelledError
        )
    assert job.log == ["cleaning", "clean"]


def test_run_after_stop() -> None:
    """After `stop`, `run` raises RuntimeError, and closes the coroutine."""
    with _loop() as (loop, _):
        pass
    coroutine = _answer()
    with pytest.raises(RuntimeError, match="closed"):
        loop.run(coroutine)
    assert _is_closed(coroutine)


def test_run_during_stop() -> None:
    """While `stop` waits for a cleanup, `run` raises RuntimeError at once, and closes the coroutine."""
    job = _Job(slow=True)
    with _loop() as (loop, reports):
        _in_thread(lambda: loop.run(job.run()))
        assert job.begun.wait(LONG)
        call = _in_thread(loop.stop)
        assert job.cleaning.wait(LONG)
        coroutine = _answer()
        with pytest.raises(RuntimeError, match="has ended"):
            loop.run(coroutine, LONG)
        assert _is_closed(coroutine)
        assert not call.done()
        job.clean.set()
        call.result(LONG)
    assert reports == []


@pytest.mark.filterwarnings("error")
def test_stop_before_it_begins() -> None:
    """A coroutine that is cancelled before its first step never begins, and is closed without a warning."""
    blocked, go = threading.Event(), threading.Event()

    async def block() -> None:
        blocked.set()
        go.wait(LONG)

    with _loop() as (loop, reports):
        _in_thread(lambda: loop.run(block()))
        assert blocked.wait(LONG)
        coroutine = _answer()
        call = _in_thread(lambda: loop.run(coroutine))
        time.sleep(0.02)  # both are waiting for the loop by then
        stop = _in_thread(loop.stop)
        time.sleep(0.02)
        go.set()
        stop.result(LONG)
        with pytest.raises(concurrent.futures.CancelledError):
            call.result(LONG)
        assert _is_closed(coroutine)
    assert reports == []


@pytest.mark.filterwarnings("error")
def test_run_and_stop_at_once() -> None:
    """Threads that call `run` while another one calls `stop` get a result, RuntimeError or CancelledError; none hangs."""
    for number in range(12):
        loop = LoopThread()
        go = threading.Event()

        def work() -> None:
            go.wait(LONG)  # noqa: B023
            while True:
                loop.run(_answer())  # noqa: B023

        calls = [_in_thread(work) for _ in range(3)]
        go.set()
        time.sleep(0.0005 * (number % 4))
        loop.stop()
        for call in calls:
            kinds = (
                RuntimeError,
                concurrent.futures.CancelledError,
            )
            assert isinstance(call.exception(LONG), kinds)
        gc.collect()


def test_in_its_own_thread() -> None:
    """In the thread of the loop `run` raises RuntimeError and closes the coroutine; `stop` raises it, and stops nothing."""
    coroutine = _answer()

    async def wrong() -> None:
        with pytest.raises(RuntimeError, match="its own loop"):
            loop.run(coroutine)
        with pytest.raises(RuntimeError, match="current thread"):
            loop.stop()

    with _loop() as (loop, _):
        loop.run(wrong(), LONG)
        assert _is_closed(coroutine)
        assert loop.run(_answer()) == 42


def test_in_other_threads_that_matter() -> None:
    """`run` works where another loop runs, which it blocks, and in a thread that a coroutine of the loop waits for."""

    async def elsewhere() -> int:
        return loop.run(_answer(), LONG)

    async def through_a_thread() -> int:
        return await asyncio.to_thread(loop.run, _answer(), LONG)

    with _loop() as (loop, _):
        assert asyncio.run(elsewhere()) == 42
        assert loop.run(through_a_thread()) == 42


def test_not_a_coroutine() -> None:
    """What is not a coroutine gives TypeError, for example a coroutine function."""
    with _loop() as (loop, reports):
        wrong: list[Any] = [_answer, 42, None, iter(())]
        for one in wrong:
            with pytest.raises(TypeError, match="coroutines"):
                loop.run(one, 0.01)
    assert reports == []


@pytest.mark.filterwarnings("error")
def test_timeout_of_the_wrong_type() -> None:
    """A timeout that is not a number gives TypeError, and closes the coroutine."""
    with _loop() as (loop, reports):
        coroutine = _answer()
        wrong: Any = "5"
        with pytest.raises(TypeError):
            loop.run(coroutine, wrong)
        assert _is_closed(coroutine)
    assert reports == []


def test_loop_cannot_be_created() -> None:
    """What prevents the loop is raised where it is created, and no thread is left."""
    threads = threading.active_count()

    def fail() -> asyncio.AbstractEventLoop:
        raise OSError("no loop today")

    with pytest.raises(OSError, match="no loop today"):
        LoopThread(loop_factory=fail)
    with pytest.raises(TypeError, match="colour"):
        LoopThread(colour="red")
    assert threading.active_count() == threads


def test_options() -> None:
    """Options are passed to `asyncio.Runner`; the current loop of the calling thread stays what it was."""

    class Loop(asyncio.SelectorEventLoop):
        pass

    async def kind() -> tuple[bool, bool]:
        loop = asyncio.get_running_loop()
        return isinstance(loop, Loop), loop.get_debug()

    mine = asyncio.new_event_loop()
    asyncio.set_event_loop(mine)
    with _loop(loop_factory=Loop, debug=True) as (loop, _):
        assert loop.run(kind()) == (True, True)
    with _loop(), _loop(loop_factory=None, debug=None):
        assert asyncio.get_event_loop() is mine
    asyncio.set_event_loop(None)
    mine.close()


def test_system_exit() -> None:
    """SystemExit in a coroutine is raised by its `run` and ends the loop, as in `asyncio.run`; other coroutines are cancelled, and new ones refused."""
    job = _Job(slow=True)

    async def leave() -> None:
        raise SystemExit(3)

    with _loop() as (loop, reports):
        call = _in_thread(lambda: loop.run(job.run()))
        assert job.begun.wait(LONG)
        with pytest.raises(SystemExit):
            loop.run(leave())
        assert job.cleaning.wait(LONG)
        coroutine = _answer()
        with pytest.raises(RuntimeError, match="has ended"):
            loop.run(coroutine)
        assert _is_closed(coroutine)
        job.clean.set()
        with pytest.raises(concurrent.futures.CancelledError):
            call.result(LONG)
        loop.stop()
        with pytest.raises(RuntimeError, match="closed"):
            loop.run(_answer())
    assert job.log == ["cleaning", "clean"]
    assert reports == []


@pytest.mark.filterwarnings("ignore")
def test_system_exit_in_a_cleanup() -> None:
    """SystemExit in a cleanup during `stop` ends the loop: a thread that waits for a coroutine whose cleanup is cut off gets RuntimeError."""
    job = _Job(slow=True)
    cleaning, begun = job.cleaning, threading.Event()

    async def leave() -> None:
        try:
            begun.set()
            await _forever()
        finally:
            await asyncio.to_thread(cleaning.wait, LONG)
            raise SystemExit(3)

    loop = LoopThread()
    calls = [
        _in_thread(lambda: loop.run(job.run())),
        _in_thread(lambda: loop.run(leave())),
    ]
    assert job.begun.wait(LONG)
    assert begun.wait(LONG)
    loop.stop()
    job.clean.set()
    assert isinstance(calls[0].exception(LONG), RuntimeError)
    assert isinstance(calls[1].exception(LONG), SystemExit)
    del calls
    gc.collect()  # prints that a task was pending


@contextlib.contextmanager
def _interrupts(*events: threading.Event) -> Iterator[None]:
    """Raise KeyboardInterrupt in this thread when each event is set."""
    main = threading.get_ident()
    gone = threading.Event()

    def handler(*_: object) -> None:
        raise KeyboardInterrupt

    def interrupt() -> None:
        for event in events:
            event.wait(LONG)
            time.sleep(0.01)  # until it waits again
            if not gone.is_set():
                signal.pthread_kill(main, signal.SIGUSR1)

    before = signal.signal(signal.SIGUSR1, handler)
    thread = threading.Thread(target=interrupt)
    thread.start()
    try:
        yield
    finally:
        gone.set()
        thread.join()
        signal.signal(signal.SIGUSR1, before)


@posix
@pytest.mark.parametrize("timeout", [None, LONG])
def test_interrupted(timeout: float | None) -> None:
    """Ctrl-C during `run` cancels the coroutine, waits for its cleanup, and propagates."""
    job = _Job()
    with _loop() as (loop, reports):
        with (
            _interrupts(job.begun),
            pytest.raises(KeyboardInterrupt),
        ):
            loop.run(job.run(), timeout)
        assert job.log == ["cleaning", "clean"]
        assert loop.run(_answer()) == 42
    assert reports == []


@posix
def test_interrupted_twice() -> None:
    """A second Ctrl-C propagates at once; the coroutine finishes its cleanup alone, and `stop` would cancel it again."""
    job = _Job(slow=True)
    with _loop() as (loop, reports):
        with _interrupts(job.begun, job.cleaning):
            with pytest.raises(KeyboardInterrupt):
                loop.run(job.run())
        assert job.log == ["cleaning"]
        job.clean.set()
        assert job.ended.wait(LONG)
        assert job.log == ["cleaning", "clean"]
    assert reports == []


@posix
def test_interrupted_stop() -> None:
    """Ctrl-C ends the wait of `stop` only: the cleanup goes on, `run` in another thread waits for it, and so does the next `stop`."""
    job = _Job(slow=True)
    with _loop() as (loop, reports):
        call = _in_thread(lambda: loop.run(job.run()))
        assert job.begun.wait(LONG)
        with (
            _interrupts(job.cleaning),
            pytest.raises(KeyboardInterrupt),
        ):
            loop.stop()
        again = _in_thread(loop.stop)
        with pytest.raises(concurrent.futures.TimeoutError):
            again.result(0.02)
        assert not call.done()
        job.clean.set()
        again.result(LONG)
        with pytest.raises(concurrent.futures.CancelledError):
            call.result(LONG)
        assert job.log == ["cleaning", "clean"]
    assert reports == []


def test_interrupted_at_every_line() -> None:
    """After a KeyboardInterrupt at any line of the call, the coroutine has ended or never began, and is closed."""

    async def running() -> int:
        return len(asyncio.all_tasks())

    line = 0
    while True:
        left, raised = line, False
        coroutine = _forever()

        def trace(frame: Any, event: str, _: object) -> Any:
            nonlocal left, raised
            if frame.f_code is LoopThread.run.__code__:
                left -= event == "line"
                if left < 0:
                    raised = True
                    sys.settrace(None)
                    raise KeyboardInterrupt
            return trace

        with _loop() as (loop, _):
            before = sys.gettrace()
            sys.settrace(trace)
            try:
                loop.run(coroutine, 0.01)
            except (KeyboardInterrupt, TimeoutError):
                pass
            finally:
                sys.settrace(before)
            assert loop.run(running()) == 1
        coroutine.close()
        if not raised:
            break
        line += 1
    assert line > 10


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_fork() -> None:
    """In a forked child `run` raises RuntimeError, and `stop` returns; the loop of the parent runs on."""
    with _loop() as (loop, _):
        child = os.fork()
        if child == 0:
            status = 1
            try:
                loop.run(_answer())
            except RuntimeError:
                loop.stop()
                status = 0
            finally:
                os._exit(status)
        assert os.waitpid(child, 0)[1] == 0
        assert loop.run(_answer(), LONG) == 42


def test_exit_without_stop() -> None:
    """If `stop` was not called, it is called when the interpreter exits."""
    program = """
import asyncio
from loop_thread import LoopThread

async def work():
    try:
        await asyncio.sleep(3600)
    finally:
        await asyncio.sleep(0.01)
        print("clean")

async def begin():
    tasks.append(asyncio.create_task(work()))
    await asyncio.sleep(0)

tasks = []
LoopThread().run(begin())
print("main ends")
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=Path(__file__).parent,
        capture_output=True,
        text=True,
        timeout=LONG,
        check=True,
    )
    assert done.stdout == "main ends\nclean\n"
    assert done.stderr == ""


def test_stopped_loop_is_freed() -> None:
    """After `stop`, nothing keeps the object until the interpreter exits."""
    loop = LoopThread()
    kept = weakref.ref(loop)
    loop.run(_answer())
    loop.stop()
    del loop
    gc.collect()
    assert kept() is None


@posix
def test_leaves_nothing_a_hundred_times() -> None:
    """A hundred loops, with calls that return and calls that time out, leave no thread and no descriptor."""
    threads = threading.active_count()
    files = len(os.listdir("/dev/fd"))
    for _ in range(100):
        with LoopThread() as loop:
            assert loop.run(_answer()) == 42
            with pytest.raises(TimeoutError):
                loop.run(_forever(), 0)
    assert threading.active_count() == threads
    assert len(os.listdir("/dev/fd")) == files
