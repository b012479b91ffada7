# SPDX-License-Identifier: 0BSD
"""What `submit_from_thread` promises, one test each."""

import asyncio
import concurrent.futures
import contextlib
import gc
import inspect
import itertools
import math
import os
import signal
import sys
import threading
import weakref
from fractions import Fraction
from typing import Any, Callable, Coroutine, Dict, Iterator, List

import pytest

from submit_from_thread import submit_from_thread

LONG = 60.0  # seconds; reached only when a promise is broken


class _Loop:
    """A loop in another thread; what it reports, and its end."""

    def __init__(self) -> None:
        self.reports: List[Dict[str, Any]] = []
        self.ready = threading.Event()
        self.thread = threading.Thread(
            target=lambda: asyncio.run(self.main())
        )

    async def main(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.loop.set_exception_handler(
            lambda _, context: self.reports.append(context)
        )
        self.stop = asyncio.Event()
        self.ready.set()
        await self.stop.wait()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        if others:
            await asyncio.wait(others, timeout=LONG)
        del others
        gc.collect()

    def end(self) -> None:
        if self.thread.is_alive():
            self.loop.call_soon_threadsafe(self.stop.set)
        self.thread.join()


@contextlib.contextmanager
def _other() -> Iterator[_Loop]:
    """Give a loop that runs in another thread."""
    other = _Loop()
    other.thread.start()
    other.ready.wait(LONG)
    try:
        yield other
    finally:
        other.end()


@contextlib.contextmanager
def _after_each_call(
    loop: asyncio.AbstractEventLoop, then: Callable[[], object]
) -> Iterator[None]:
    """Call `then` when this thread has handed something to the loop."""
    original = loop.call_soon_threadsafe
    me = threading.get_ident()

    def patched(*args: Any, **options: Any) -> Any:
        handle = original(*args, **options)
        if threading.get_ident() == me:
            then()
        return handle

    vars(loop)["call_soon_threadsafe"] = patched
    try:
        yield
    finally:
        del vars(loop)["call_soon_threadsafe"]


def _submit_begun(
    coroutine: "Coroutine[Any, Any, str]",
    loop: asyncio.AbstractEventLoop,
    *,
    grace: float = 0,
) -> str:
    """Let the time be up when the coroutine has begun to wait."""
    begun = threading.Event()

    async def run() -> str:
        begun.set()
        return await coroutine

    with _after_each_call(loop, lambda: begun.wait(LONG)):
        if not grace:
            return submit_from_thread(run(), loop, 0.01)
        return submit_from_thread(
            coroutine=run(), loop=loop, timeout=0.01, grace=grace
        )


class _Job:
    """A coroutine that runs until it is cancelled, then cleans up."""

    def __init__(self) -> None:
        self.log: List[str] = []
        self.begun = threading.Event()
        self.go = threading.Event()
        self.ended = threading.Event()

    async def run(self) -> str:
        self.begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.log.append("cleaning")
            loop = asyncio.get_running_loop()
            await loop.run_in_executor(None, self.go.wait, LONG)
            self.log.append("clean")
            self.ended.set()
        return "never"


async def _forever() -> None:
    await asyncio.Event().wait()


def test_value() -> None:
    """Returns what the coroutine returned, which ran in the thread of its loop."""

    async def ident() -> int:
        await asyncio.sleep(0)
        return threading.get_ident()

    with _other() as other:
        assert submit_from_thread(ident(), other.loop) == (
            other.thread.ident
        )
        assert submit_from_thread(ident(), other.loop, LONG) == (
            other.thread.ident
        )
    assert other.reports == []


def test_exception() -> None:
    """Raises what the coroutine raised."""
    error = ValueError("broken")

    async def fail() -> None:
        raise error

    with _other() as other:
        with pytest.raises(ValueError, match="broken") as caught:
            submit_from_thread(fail(), other.loop)
        assert caught.value is error
    assert other.reports == []


def test_time_is_up() -> None:
    """When the time is up the task is cancelled, and TimeoutError raised, without waiting for the cleanup."""
    parameters = inspect.signature(submit_from_thread).parameters
    assert parameters["grace"].default == 0
    job = _Job()
    with _other() as other:
        with pytest.raises(concurrent.futures.TimeoutError):
            _submit_begun(job.run(), other.loop)
        assert not job.ended.is_set()
        job.go.set()
    assert job.log == ["cleaning", "clean"]
    assert other.reports == []


def test_grace() -> None:
    """With `grace` it waits for the cleanup first, then raises TimeoutError."""
    job = _Job()
    job.go.set()
    with _other() as other:
        with pytest.raises(concurrent.futures.TimeoutError):
            _submit_begun(job.run(), other.loop, grace=LONG)
        assert job.log == ["cleaning", "clean"]
    assert other.reports == []


def test_grace_is_up() -> None:
    """When the grace is up as well it raises TimeoutError, and the cleanup continues alone; the grace can be negative."""
    for grace in (0.05, 0, -1):
        job = _Job()
        with _other() as other:
            with pytest.raises(concurrent.futures.TimeoutError):
                _submit_begun(job.run(), other.loop, grace=grace)
            assert not job.ended.is_set()
            job.go.set()
        assert job.log == ["cleaning", "clean"]
        assert other.reports == []


def test_infinity() -> None:
    """`math.inf`, or more than a thread can wait, as timeout or grace means no limit."""

    async def answer() -> int:
        await asyncio.sleep(0)
        return 42

    for limit in (math.inf, threading.TIMEOUT_MAX * 2, 1e300):
        job = _Job()
        job.go.set()
        with _other() as other:
            assert (
                submit_from_thread(
                    answer(), other.loop, limit, grace=limit
                )
                == 42
            )
            with pytest.raises(concurrent.futures.TimeoutError):
                _submit_begun(job.run(), other.loop, grace=limit)
        assert job.log == ["cleaning", "clean"]
        assert other.reports == []


def test_no_cycle() -> None:
    """An exception of the coroutine leaves no reference cycle behind."""

    class Value:
        pass

    kept: List[Any] = []

    async def fail() -> None:
        value = Value()
        kept.append(weakref.ref(value))
        raise ValueError

    def call() -> None:
        value = Value()
        kept.append(weakref.ref(value))
        with contextlib.suppress(ValueError):
            submit_from_thread(fail(), other.loop)

    gc.disable()
    try:
        with _other() as other:
            call()
            # The loop has dropped its last reference by then.
            submit_from_thread(asyncio.sleep(0), other.loop)
            assert [one() for one in kept] == [None, None]
    finally:
        gc.enable()


def test_zero_and_less() -> None:
    """With a timeout of zero or less TimeoutError comes at once; a coroutine that had no turn never begins, as an eager task neither."""
    ran: List[str] = []
    factories = [None, vars(asyncio).get("eager_task_factory")]

    async def job() -> None:
        ran.append("ran")

    for timeout, factory in itertools.product((0, -1), factories):
        blocked, go = threading.Event(), threading.Event()

        def block() -> None:
            blocked.set()  # noqa: B023
            go.wait(LONG)  # noqa: B023

        with _other() as other:
            other.loop.set_task_factory(factory)
            other.loop.call_soon_threadsafe(block)
            assert blocked.wait(LONG)
            with pytest.raises(concurrent.futures.TimeoutError):
                submit_from_thread(job(), other.loop, timeout)
            go.set()
        assert ran == []
        assert other.reports == []


def test_refuses_and_returns() -> None:
    """A task that swallows the cancellation and returns in its grace: the value is returned."""

    async def stubborn() -> str:
        try:
            await _forever()
        except asyncio.CancelledError:
            return "finished anyway"
        return "never"

    with _other() as other:
        answer = _submit_begun(stubborn(), other.loop, grace=LONG)
    assert answer == "finished anyway"


def test_fails_in_cleanup() -> None:
    """A cleanup that fails in its grace: its exception is raised, not TimeoutError."""

    async def breaks() -> str:
        try:
            await _forever()
        finally:
            raise ValueError("cleanup")

    with _other() as other:
        with pytest.raises(ValueError, match="cleanup"):
            _submit_begun(breaks(), other.loop, grace=LONG)
    assert other.reports == []


def test_fails_after_its_grace() -> None:
    """A cleanup that fails after its grace is reported by asyncio."""
    go = threading.Event()

    async def breaks() -> str:
        try:
            await _forever()
        finally:
            loop = asyncio.get_running_loop()
            await loop.run_in_executor(None, go.wait, LONG)
            raise ValueError("cleanup")

    with _other() as other:
        with pytest.raises(concurrent.futures.TimeoutError):
            _submit_begun(breaks(), other.loop)
        go.set()
    kinds = [type(one["exception"]) for one in other.reports]
    assert kinds == [ValueError]


def test_own_timeout_error() -> None:
    """A TimeoutError of the coroutine itself is raised as it is."""
    error = asyncio.TimeoutError("mine")

    async def fail() -> None:
        raise error

    with _other() as other:
        with pytest.raises(asyncio.TimeoutError) as caught:
            submit_from_thread(fail(), other.loop, LONG)
        assert caught.value is error


def test_cancelled_by_somebody_else() -> None:
    """If other code cancels the task it raises concurrent.futures.CancelledError, also at the end of its loop."""

    async def cancel_self() -> None:
        task = asyncio.current_task()
        assert task is not None
        task.cancel()
        await asyncio.sleep(0)

    with _other() as other:
        with pytest.raises(concurrent.futures.CancelledError):
            submit_from_thread(cancel_self(), other.loop)

    async def end() -> None:
        loop.call_soon(loop.stop)
        await _forever()

    loop = asyncio.new_event_loop()

    def run_and_cancel() -> None:
        loop.run_forever()
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))

    thread = threading.Thread(target=run_and_cancel)
    thread.start()
    with pytest.raises(concurrent.futures.CancelledError):
        submit_from_thread(end(), loop)
    thread.join()
    loop.close()


def test_both_cancel_at_once() -> None:
    """Cancelled by this call and by other code at once: TimeoutError."""
    begun, asked = threading.Event(), threading.Event()
    calls: List[int] = []

    async def run() -> None:
        begun.set()
        asked.wait(
            LONG
        )  # the loop stands still until both have asked
        task = asyncio.current_task()
        assert task is not None
        task.cancel()
        await _forever()

    def then() -> None:
        calls.append(1)
        if len(calls) == 1:
            begun.wait(LONG)
        else:
            asked.set()

    with _other() as other:
        with _after_each_call(other.loop, then):
            with pytest.raises(concurrent.futures.TimeoutError):
                submit_from_thread(run(), other.loop, 0, grace=LONG)
    assert other.reports == []


@pytest.mark.skipif(
    sys.platform == "win32", reason="needs pthread_kill"
)
def test_interrupted() -> None:
    """Ctrl-C during the wait cancels the task and propagates at once, without waiting for its cleanup."""
    main = threading.get_ident()
    job = _Job()

    def handler(*_: object) -> None:
        signal.signal(signal.SIGUSR1, signal.SIG_IGN)
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGUSR1, handler)

    def interrupt() -> None:
        job.begun.wait(LONG)
        signal.pthread_kill(main, signal.SIGUSR1)

    thread = threading.Thread(target=interrupt)
    thread.start()
    try:
        with _other() as other:
            with pytest.raises(KeyboardInterrupt):
                submit_from_thread(
                    job.run(), other.loop, LONG, grace=LONG
                )
            assert not job.ended.is_set()
            thread.join()
            job.go.set()
            assert job.ended.wait(LONG)
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert job.log == ["cleaning", "clean"]


def test_interrupted_at_every_line() -> None:
    """After a KeyboardInterrupt at any line of the call, the task is cancelled or never began."""

    async def running() -> int:
        for _ in range(5):
            await asyncio.sleep(0)
        return len(asyncio.all_tasks())

    line = 0
    while True:
        left, lines = line, []
        coroutine = _forever()

        def trace(frame: Any, event: str, _: object) -> Any:
            nonlocal left
            if frame.f_code is submit_from_thread.__code__:
                left -= event == "line"
                if left < 0:
                    lines.append(frame.f_lineno)  # noqa: B023
                    sys.settrace(None)
                    raise KeyboardInterrupt
            return trace

        with _other() as other:
            before = sys.gettrace()
            sys.settrace(trace)
            try:
                submit_from_thread(
                    coroutine, other.loop, 0, grace=1
                )
            except (
                KeyboardInterrupt,
                concurrent.futures.TimeoutError,
            ):
                pass
            finally:
                sys.settrace(before)
            # The main task of the loop, and `running` itself.
            assert submit_from_thread(running(), other.loop) == 2
        coroutine.close()
        assert other.reports == []
        if not lines:
            break
        line += 1
    assert line > 10


def test_in_a_thread_with_a_loop() -> None:
    """Called where a loop runs, this one or another, it raises RuntimeError and closes the coroutine."""
    coroutines: List[Any] = []

    async def wrong(loop: asyncio.AbstractEventLoop) -> None:
        coroutines.append(_forever())
        submit_from_thread(coroutines[-1], loop)

    async def same() -> None:
        await wrong(asyncio.get_running_loop())

    with _other() as other:
        with pytest.raises(RuntimeError, match="block"):
            asyncio.run(wrong(other.loop))
        with pytest.raises(RuntimeError, match="block"):
            asyncio.run(same())
    for coroutine in coroutines:
        with pytest.raises(RuntimeError, match="cannot reuse"):
            coroutine.send(None)


def test_no_coroutine() -> None:
    """Anything but a coroutine, such as the function or a future, is a TypeError; the loop is not touched."""

    class Awaitable:
        def __await__(self) -> Iterator[None]:
            yield

    wrong: List[Any] = [_forever, Awaitable(), None]
    with _other() as other:
        for thing in (*wrong, other.loop.create_future()):
            with pytest.raises(TypeError, match="not a coroutine"):
                submit_from_thread(thing, other.loop)
    assert other.reports == []


@pytest.mark.parametrize("name", ["timeout", "grace"])
def test_limit_that_is_no_number(name: str) -> None:
    """A limit that is not a number is a TypeError; the coroutine is closed, and does not begin. Other numbers than `float` work."""
    log: List[str] = []

    async def work() -> int:
        log.append("began")
        return 5

    with _other() as other:
        number: Any = {name: Fraction(50)}
        assert submit_from_thread(work(), other.loop, **number) == 5
        log.clear()
        coroutine, wrong = work(), {name: "soon"}
        anything: Any = wrong
        with pytest.raises(TypeError):
            submit_from_thread(coroutine, other.loop, **anything)
    with pytest.raises(RuntimeError, match="cannot reuse"):
        coroutine.send(None)
    assert log == []


def test_closed_loop() -> None:
    """A closed loop gives RuntimeError, and the coroutine is closed."""
    loop = asyncio.new_event_loop()
    loop.close()
    coroutine = _forever()
    with pytest.raises(RuntimeError, match="closed"):
        submit_from_thread(coroutine, loop)
    with pytest.raises(RuntimeError, match="cannot reuse"):
        coroutine.send(None)


def test_loop_closed_meanwhile() -> None:
    """A loop that is closed before the coroutine began: TimeoutError when the time is up, the coroutine is closed."""
    loop = asyncio.new_event_loop()
    coroutine = _forever()
    with _after_each_call(loop, loop.close):
        with pytest.raises(concurrent.futures.TimeoutError):
            submit_from_thread(coroutine, loop, 0.01)
    with pytest.raises(RuntimeError, match="cannot reuse"):
        coroutine.send(None)


def test_loop_closed_with_the_task() -> None:
    """A loop that is closed while the task runs: TimeoutError when the time is up, the task is not touched."""
    loop = asyncio.new_event_loop()
    tasks: "List[asyncio.Task[Any]]" = []
    coroutine = _forever()

    async def last() -> None:
        loop.call_soon(loop.stop)
        tasks.extend(asyncio.all_tasks())
        await coroutine

    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    def close() -> None:
        thread.join()
        loop.close()

    with _after_each_call(loop, close):
        with pytest.raises(concurrent.futures.TimeoutError):
            submit_from_thread(last(), loop, 0.01)
    assert not tasks[0].done()
    # End it here, or Python says that a pending task was destroyed.
    loop.set_exception_handler(lambda *_: None)
    inner: Any = tasks[0].get_coro()
    inner.close()
    tasks.clear()
    gc.collect()


def test_stops_its_loop() -> None:
    """A coroutine that stops its loop in its last step: its value is returned when the time is up."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)

    async def last() -> str:
        loop.stop()
        return "done"

    thread.start()
    with _after_each_call(loop, thread.join):
        assert submit_from_thread(last(), loop, 0.01) == "done"
    loop.close()


def test_eager_task_exits() -> None:
    """An eager task that raises SystemExit in its first step: RuntimeError, and the SystemExit leaves the loop."""
    if sys.version_info < (3, 12):
        pytest.skip("no eager tasks")
    loop = asyncio.new_event_loop()
    loop.set_task_factory(vars(asyncio)["eager_task_factory"])
    exits: List[SystemExit] = []

    def run() -> None:
        try:
            loop.run_forever()
        except SystemExit as error:
            exits.append(error)

    async def leave() -> None:
        sys.exit(3)

    thread = threading.Thread(target=run)
    thread.start()
    with pytest.raises(RuntimeError, match="could not start"):
        submit_from_thread(leave(), loop)
    thread.join()
    assert [error.code for error in exits] == [3]
    loop.close()


def test_loop_does_not_run() -> None:
    """A loop that does not run: TimeoutError when the time is up; if it runs later, the coroutine never begins."""
    ran: List[str] = []

    async def job() -> None:
        ran.append("ran")

    loop = asyncio.new_event_loop()
    with pytest.raises(concurrent.futures.TimeoutError):
        submit_from_thread(job(), loop, 0.01, grace=0.01)
    loop.run_until_complete(asyncio.sleep(0))
    loop.close()
    assert ran == []


def test_task_factory_fails() -> None:
    """If the loop cannot make a task of it: RuntimeError, the coroutine is closed, the loop reports why."""

    def factory(*_: object, **__: object) -> Any:
        raise ValueError("no tasks today")

    coroutine = _forever()
    with _other() as other:
        other.loop.call_soon_threadsafe(
            other.loop.set_task_factory, factory
        )
        with pytest.raises(RuntimeError, match="could not start"):
            submit_from_thread(coroutine, other.loop)
        other.loop.call_soon_threadsafe(
            other.loop.set_task_factory, None
        )
    with pytest.raises(RuntimeError, match="cannot reuse"):
        coroutine.send(None)
    kinds = [type(one["exception"]) for one in other.reports]
    assert kinds == [ValueError]


def test_many_threads_at_once() -> None:
    """Many threads may call it at once, each with its own answer."""

    async def echo(number: int) -> int:
        await asyncio.sleep(0)
        return number

    with _other() as other:
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            answers = list(
                pool.map(
                    lambda n: submit_from_thread(
                        echo(n), other.loop, LONG
                    ),
                    range(40),
                )
            )
    assert answers == list(range(40))
    assert other.reports == []


def test_leaves_nothing_a_hundred_times() -> None:
    """A hundred calls, with and without a timeout that passes, leave no task, thread or descriptor."""

    async def answer() -> int:
        return 42

    with _other() as other:
        threads = threading.active_count()
        files = len(os.listdir("/dev/fd"))
        for _ in range(100):
            assert submit_from_thread(answer(), other.loop) == 42
            with pytest.raises(concurrent.futures.TimeoutError):
                submit_from_thread(
                    _forever(), other.loop, 0, grace=LONG
                )
        assert len(asyncio.all_tasks(other.loop)) == 1  # its main
        assert threading.active_count() == threads
        assert len(os.listdir("/dev/fd")) == files
    assert other.reports == []
