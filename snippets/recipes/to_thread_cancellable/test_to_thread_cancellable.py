# SPDX-License-Identifier: 0BSD
"""What `to_thread_cancellable` promises, one test each."""

import asyncio
import concurrent.futures
import contextlib
import contextvars
import gc
import os
import sys
import threading
import weakref
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Awaitable, Callable, Dict, List

import pytest

from to_thread_cancellable import to_thread_cancellable

LONG = 60.0  # seconds; reached only when a promise is broken


def _run(
    main: Callable[[], Awaitable[None]], workers: int = 8
) -> List[Dict[str, Any]]:
    """Run `main`; fail if it leaves a task; return what is reported."""
    reports: List[Dict[str, Any]] = []
    executor = ThreadPoolExecutor(workers)

    async def watched() -> None:
        loop = asyncio.get_running_loop()
        loop.set_default_executor(executor)
        loop.set_exception_handler(lambda _, c: reports.append(c))
        await main()
        gc.collect()
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(watched())
    executor.shutdown()
    return reports


async def _in_thread(
    func: Callable[..., Any], *args: object
) -> Any:
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(None, func, *args)


async def _turns() -> None:
    """Let everything run that is ready."""
    for _ in range(5):
        await asyncio.sleep(0)


class _Job:
    """A function that runs until `stop` is called, then cleans up."""

    def __init__(self) -> None:
        self.begun = threading.Event()
        self.stopping = threading.Event()
        self.go = threading.Event()  # lets the cleanup end
        self.log: List[str] = []
        self.stops = 0

    def stop(self) -> None:
        self.stops += 1
        self.stopping.set()

    def run(self, error: "BaseException | None" = None) -> str:
        self.begun.set()
        assert self.stopping.wait(LONG)
        assert self.go.wait(LONG)
        self.log.append("clean")
        if error is not None:
            raise error
        return "ended early"

    async def start(
        self, *args: object, **options: bool
    ) -> "asyncio.Task[str]":
        """Start it in a task; return when the thread is busy."""
        task = asyncio.ensure_future(
            to_thread_cancellable(
                self.run, *args, stop=self.stop, **options
            )
        )
        await _in_thread(self.begun.wait, LONG)
        return task


def test_value() -> None:
    """Returns what the function returned, called with the arguments in another thread; `stop` is not called."""

    async def main() -> None:
        stops: List[int] = []
        answer = await to_thread_cancellable(
            lambda *args: (args, threading.get_ident()),
            1,
            "two",
            stop=lambda: stops.append(1),
        )
        assert answer[0] == (1, "two")
        assert answer[1] != threading.get_ident()
        assert stops == []

    assert _run(main) == []


def test_exception() -> None:
    """Raises what the function raised; `stop` is not called."""

    async def main() -> None:
        error = ValueError("broken")
        stops: List[int] = []

        def fail() -> None:
            raise error

        with pytest.raises(ValueError, match="broken") as caught:
            await to_thread_cancellable(
                fail, stop=lambda: stops.append(1)
            )
        assert caught.value is error
        assert stops == []

    assert _run(main) == []


def test_own_exception() -> None:
    """An exception that a future of asyncio replaces arrives as it was raised: CancelledError of concurrent.futures does not look like a cancellation, and a TimeoutError keeps its cause."""

    async def main() -> None:
        for error in (
            concurrent.futures.CancelledError(),
            concurrent.futures.InvalidStateError(),
            concurrent.futures.TimeoutError("slow"),
        ):
            error.__cause__ = KeyError("why")

            def fail() -> None:
                raise error  # noqa: B023

            task = asyncio.ensure_future(
                to_thread_cancellable(fail, stop=int)
            )
            await asyncio.wait({task})
            assert not task.cancelled()
            assert task.exception() is error
            assert isinstance(error.__cause__, KeyError)
            job = _Job()
            job.go.set()
            causes: List[object] = []

            async def caller() -> None:
                try:
                    await to_thread_cancellable(
                        job.run,  # noqa: B023
                        error,  # noqa: B023
                        stop=job.stop,  # noqa: B023
                    )
                except asyncio.CancelledError as request:
                    causes.append(request.__cause__)  # noqa: B023
                    raise

            task = asyncio.ensure_future(caller())
            await _in_thread(job.begun.wait, LONG)
            task.cancel()
            await asyncio.wait({task})
            assert task.cancelled()
            assert causes == [error]

    assert _run(main) == []


def test_context() -> None:
    """The function runs in a copy of the caller's context."""
    number = contextvars.ContextVar("number", default=0)

    def change() -> int:
        before = number.get()
        number.set(2)
        return before

    async def main() -> None:
        number.set(1)
        assert await to_thread_cancellable(change, stop=int) == 1
        assert number.get() == 1

    assert _run(main) == []


def test_cancelled() -> None:
    """Cancelled, it calls `stop` once and waits until the function has ended, then raises CancelledError."""

    async def main() -> None:
        job = _Job()
        task = await job.start()
        assert not job.stopping.is_set()
        task.cancel()
        await _turns()
        assert job.stopping.is_set()
        assert not task.done()
        job.go.set()
        with pytest.raises(asyncio.CancelledError) as caught:
            await task
        assert caught.value.__cause__ is None
        assert job.log == ["clean"]
        assert job.stops == 1

    assert _run(main) == []


def test_cancelled_again() -> None:
    """Cancelled again during the wait, it keeps waiting, and does not call `stop` again."""

    async def main() -> None:
        job = _Job()
        task = await job.start()
        for _ in range(3):
            task.cancel()
            task.cancel()
            await _turns()
            assert not task.done()
        job.go.set()
        await asyncio.wait({task})
        assert task.cancelled()
        assert job.log == ["clean"]
        assert job.stops == 1

    assert _run(main) == []


@pytest.mark.skipif(sys.version_info < (3, 9), reason="no message")
def test_first_request_is_raised() -> None:
    """Of several cancellations the first is raised."""
    seen: List[object] = []

    async def main() -> None:
        job = _Job()

        async def caller() -> None:
            try:
                await to_thread_cancellable(job.run, stop=job.stop)
            except asyncio.CancelledError as request:
                seen.extend(request.args)
                raise

        task: Any = asyncio.ensure_future(caller())
        await _in_thread(job.begun.wait, LONG)
        task.cancel("first")
        await _turns()
        task.cancel("second")
        await _turns()
        job.go.set()
        await asyncio.wait({task})
        assert task.cancelled()

    assert _run(main) == []
    assert seen == ["first"]


def test_fails_after_stop() -> None:
    """What the function raises after `stop` is the `__cause__` of the CancelledError, and is not reported."""

    async def main() -> None:
        job = _Job()
        error = ValueError("cleanup")
        causes: List[object] = []

        async def caller() -> None:
            try:
                await to_thread_cancellable(
                    job.run, error, stop=job.stop
                )
            except asyncio.CancelledError as request:
                causes.append(request.__cause__)
                raise

        job.go.set()
        task = asyncio.ensure_future(caller())
        await _in_thread(job.begun.wait, LONG)
        task.cancel()
        await asyncio.wait({task})
        assert task.cancelled()
        assert causes == [error]

    assert _run(main) == []


def test_queued() -> None:
    """Cancelled before a thread was free, it raises at once; the function never runs, `stop` is not called."""

    async def main() -> None:
        first, second = _Job(), _Job()
        task = asyncio.ensure_future(
            to_thread_cancellable(first.run, stop=first.stop)
        )
        queued = asyncio.ensure_future(
            to_thread_cancellable(second.run, stop=second.stop)
        )
        await _turns()
        queued.cancel()
        await asyncio.wait({queued}, timeout=LONG)
        assert queued.cancelled()
        assert second.stops == 0
        first.go.set()
        first.stop()
        assert await task == "ended early"
        await _in_thread(int)
        assert not second.begun.is_set()

    assert _run(main, workers=1) == []


class _Late(ThreadPoolExecutor):
    """A pool whose thread has taken a call, but not yet made it."""

    def submit(self, fn: Any, *_: Any, **__: Any) -> Any:  # type: ignore[override]
        self.call = fn
        future: "Future[Any]" = Future()
        assert future.set_running_or_notify_cancel()
        return future


def test_withdrawn() -> None:
    """Cancelled when a thread has taken the call and not yet made it, the function never runs, and the thread is free."""
    job = _Job()
    late = _Late()

    async def main() -> None:
        asyncio.get_running_loop().set_default_executor(late)
        task = asyncio.ensure_future(
            to_thread_cancellable(job.run, stop=job.stop)
        )
        await _turns()
        task.cancel()
        await asyncio.wait({task}, timeout=LONG)
        assert task.cancelled()

    assert _run(main) == []

    def make_the_call() -> None:
        with pytest.raises(asyncio.CancelledError):
            late.call()

    thread = threading.Thread(target=make_the_call, daemon=True)
    thread.start()
    thread.join(5)
    assert not thread.is_alive()
    assert not job.begun.is_set()
    assert job.stops == 0


def test_cancelled_as_the_thread_begins() -> None:
    """Cancelled while a thread takes the call, the function either never runs, or `stop` is called."""

    async def main() -> None:
        for _ in range(100):
            job = _Job()
            job.go.set()
            task = asyncio.ensure_future(
                to_thread_cancellable(job.run, stop=job.stop)
            )
            await asyncio.sleep(0)
            task.cancel()
            await asyncio.wait({task})
            assert task.cancelled()
            assert job.log == ["clean"] * job.stops
            assert job.begun.is_set() == bool(job.stops)

    assert _run(main) == []


def test_cancelled_before_it_starts() -> None:
    """A caller that is cancelled before its first step starts no thread."""

    async def main() -> None:
        job = _Job()
        task = asyncio.ensure_future(
            to_thread_cancellable(job.run, stop=job.stop)
        )
        task.cancel()
        await asyncio.wait({task})
        assert task.cancelled()
        assert not job.begun.is_set()
        assert job.stops == 0

    assert _run(main) == []


def test_cancelled_as_it_ends() -> None:
    """Cancelled in the tick in which the function has ended, it raises CancelledError; a failure is the cause."""

    async def main() -> None:
        for error in (None, ValueError("broken")):
            job = _Job()
            causes: List[object] = []

            async def caller() -> None:
                try:
                    await to_thread_cancellable(
                        job.run,  # noqa: B023
                        error,  # noqa: B023
                        stop=job.stop,  # noqa: B023
                    )
                except asyncio.CancelledError as request:
                    causes.append(request.__cause__)  # noqa: B023
                    raise

            task = asyncio.ensure_future(caller())
            await _in_thread(job.begun.wait, LONG)
            loop = asyncio.get_running_loop()
            original, me = loop.call_soon_threadsafe, task

            def patched(callback: Any, *args: Any) -> Any:
                def both() -> None:
                    callback(*args)
                    me.cancel()  # noqa: B023

                return original(both)  # noqa: B023

            vars(loop)["call_soon_threadsafe"] = patched
            job.go.set()
            job.stopping.set()
            await asyncio.wait({task})
            del vars(loop)["call_soon_threadsafe"]
            assert task.cancelled()
            assert causes == [error]

    assert _run(main) == []


def test_abandoned() -> None:
    """With `abandon_on_cancel` it raises after `stop`, without waiting; a value of the function is dropped."""
    job = _Job()

    async def main() -> None:
        task = await job.start(abandon_on_cancel=True)
        task.cancel()
        await asyncio.wait({task}, timeout=LONG)
        assert task.cancelled()
        assert job.stops == 1
        assert job.log == []
        job.go.set()

    assert _run(main) == []
    assert job.log == ["clean"]


def test_abandoned_fails() -> None:
    """What an abandoned function raises is reported by asyncio."""

    async def main() -> None:
        job = _Job()
        task = await job.start(ValueError(), abandon_on_cancel=True)
        task.cancel()
        await asyncio.wait({task})
        assert task.cancelled()
        del task
        ended = asyncio.Event()
        loop = asyncio.get_running_loop()
        original = loop.call_soon_threadsafe

        def patched(*args: Any, **options: Any) -> Any:
            handle = original(*args, **options)
            original(ended.set)
            return handle

        vars(loop)["call_soon_threadsafe"] = patched
        job.go.set()
        await ended.wait()
        del vars(loop)["call_soon_threadsafe"]

    reports = _run(main)
    assert [type(one["exception"]) for one in reports] == [
        ValueError
    ]


def test_stop_raises() -> None:
    """If `stop` raises, the call still waits for the function; then that exception is raised, with the CancelledError as its context."""

    async def main() -> None:
        job = _Job()

        def stop() -> None:
            raise OSError("cannot stop")

        task = asyncio.ensure_future(
            to_thread_cancellable(job.run, stop=stop)
        )
        await _in_thread(job.begun.wait, LONG)
        task.cancel()
        await _turns()
        assert not task.done()
        job.stopping.set()
        job.go.set()
        with pytest.raises(OSError, match="cannot stop") as caught:
            await task
        assert isinstance(
            caught.value.__context__, asyncio.CancelledError
        )

    assert _run(main) == []


def test_both_raise() -> None:
    """If `stop` and the function both raise, the exception of `stop` is raised, and the function's is the `__cause__` of the CancelledError."""
    seen: List[Any] = []

    async def main() -> None:
        job = _Job()
        job.go.set()
        error = ValueError("cleanup")

        def stop() -> None:
            job.stop()
            raise OSError("cannot stop")

        async def caller() -> None:
            try:
                await to_thread_cancellable(
                    job.run, error, stop=stop
                )
            except OSError as refused:
                request = refused.__context__
                assert isinstance(request, asyncio.CancelledError)
                seen.append(request.__cause__)
                assert seen == [error]

        task = asyncio.ensure_future(caller())
        await _in_thread(job.begun.wait, LONG)
        task.cancel()
        await task

    assert _run(main) == []
    assert len(seen) == 1


@pytest.mark.skipif(
    sys.version_info < (3, 11), reason="new in 3.11"
)
def test_stop_raises_under_a_timeout() -> None:
    """If `stop` raises because a timeout cancelled the caller, its exception leaves the timeout, and the count of `cancelling()` is right."""

    async def main() -> None:
        job = _Job()
        job.go.set()

        def stop() -> None:
            job.stop()
            raise OSError("cannot stop")

        with pytest.raises(OSError, match="cannot stop"):
            async with vars(asyncio)["timeout"](0.01):
                await to_thread_cancellable(job.run, stop=stop)
        task: Any = asyncio.current_task()
        assert task.cancelling() == 0
        await asyncio.sleep(0)

    assert _run(main) == []


def test_no_cycles() -> None:
    """An exception of the function, or a cancellation, leaves no reference cycle behind once it was awaited."""

    class Value:
        pass

    async def main() -> None:
        kept: List[Any] = []

        def fail() -> None:
            value = Value()
            kept.append(weakref.ref(value))
            raise ValueError

        async def failing() -> None:
            value = Value()
            kept.append(weakref.ref(value))
            with contextlib.suppress(ValueError):
                await to_thread_cancellable(fail, stop=int)

        async def cancelled() -> None:
            value = Value()
            kept.append(weakref.ref(value))
            await to_thread_cancellable(job.run, stop=job.stop)

        gc.disable()
        try:
            await failing()
            job = _Job()
            job.go.set()
            task = asyncio.ensure_future(cancelled())
            while not job.begun.is_set():  # noqa: ASYNC110
                await asyncio.sleep(0)
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
            del task
            await _turns()
            # The only worker has dropped its last call by then.
            await _in_thread(int)
            assert [one() for one in kept] == [None] * 3
        finally:
            gc.enable()

    assert _run(main, workers=1) == []


def test_stop_iteration() -> None:
    """StopIteration of the function or of `stop` is raised as RuntimeError, with the StopIteration as its cause, on every Python."""

    async def main() -> None:
        nothing: List[int] = []
        call = to_thread_cancellable(next, iter(nothing), stop=int)
        with pytest.raises(RuntimeError) as caught:
            await asyncio.wait_for(call, 5)
        assert isinstance(caught.value.__cause__, StopIteration)
        job = _Job()
        job.go.set()

        def stop() -> None:
            job.stop()
            next(iter(nothing))

        task = asyncio.ensure_future(
            to_thread_cancellable(
                job.run,
                stop=stop,
            )
        )
        await _in_thread(job.begun.wait, LONG)
        task.cancel()
        with pytest.raises(RuntimeError) as caught:
            await task
        assert isinstance(caught.value.__cause__, StopIteration)

    assert _run(main) == []


def test_timeouts() -> None:
    """A timeout around it, also of zero and less, stops the function and raises TimeoutError when it has ended."""

    async def main() -> None:
        for limit in (0.01, 0, -1):
            job = _Job()
            job.go.set()
            task = await job.start()
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(task, limit)
            await asyncio.wait({task})
            assert task.cancelled()
            assert job.log == ["clean"]

    assert _run(main) == []


@pytest.mark.skipif(
    sys.version_info < (3, 11), reason="new in 3.11"
)
def test_timeout_and_cancel() -> None:
    """Timeout and outside cancellation both during the wait: the timeout does not hide the cancellation."""

    async def main() -> None:
        job = _Job()

        async def caller() -> None:
            module: Any = asyncio
            async with module.timeout(LONG) as limit:
                limits.append(limit)
                await to_thread_cancellable(job.run, stop=job.stop)

        limits: List[Any] = []
        task = asyncio.ensure_future(caller())
        await _in_thread(job.begun.wait, LONG)
        limits[0].reschedule(0)
        await _in_thread(job.stopping.wait, LONG)
        task.cancel()
        await _turns()
        job.go.set()
        await asyncio.wait({task})
        assert task.cancelled()

    assert _run(main) == []


def test_end_of_the_loop() -> None:
    """When `asyncio.run` ends it cancels the call: `stop` is called, and the function has ended before `run` returns."""
    job = _Job()
    job.go.set()

    async def main() -> None:
        await job.start()

    asyncio.run(main())
    assert job.log == ["clean"]
    assert job.stops == 1


def test_many_at_once() -> None:
    """Concurrent calls are independent: each `stop` reaches its own function."""

    async def main() -> None:
        jobs = [_Job() for _ in range(3)]
        tasks = [await job.start() for job in jobs]
        tasks[1].cancel()
        await _turns()
        assert [job.stops for job in jobs] == [0, 1, 0]
        for job in jobs:
            job.go.set()
            job.stopping.set()
        await asyncio.wait(tasks)
        assert [task.cancelled() for task in tasks] == [
            False,
            True,
            False,
        ]

    assert _run(main) == []


def test_outside_a_loop() -> None:
    """Without a running loop it raises RuntimeError."""
    job = _Job()
    call = to_thread_cancellable(job.run, stop=job.stop)
    with pytest.raises(RuntimeError, match="no running event loop"):
        call.send(None)
    assert not job.begun.is_set()


def test_leaves_nothing_a_hundred_times() -> None:
    """A hundred cancelled calls leave no task, thread or descriptor."""

    async def main() -> None:
        for _ in range(100):
            job = _Job()
            job.go.set()
            task = await job.start()
            task.cancel()
            await asyncio.wait({task})
            assert job.log == ["clean"]

    threads = threading.active_count()
    assert _run(main) == []
    files = len(os.listdir("/dev/fd"))
    assert _run(main) == []
    assert threading.active_count() == threads
    assert len(os.listdir("/dev/fd")) == files
