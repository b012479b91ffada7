# SPDX-License-Identifier: 0BSD
"""What `debounce` promises, one test each."""

import asyncio
import contextlib
import contextvars
import gc
import inspect
import math
import sys
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from debounce import Debounced, debounce


async def _ticks(count: int = 10) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


class _Clock:
    """Time of the running loop, from zero, that a test moves."""

    def __init__(self) -> None:
        self.now = 0.0
        loop = asyncio.get_running_loop()
        loop.time = lambda: self.now  # type: ignore[method-assign]

    async def until(self, now: float) -> None:
        self.now = now
        await _ticks()


def _run(
    main: Callable[[_Clock], Awaitable[None]],
) -> list[dict[str, Any]]:
    """Run `main`; fail if it leaves a task; return what was reported."""
    reports: list[dict[str, Any]] = []

    async def watched() -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, c: reports.append(c))
        await main(_Clock())
        await _ticks()
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(watched())
    return reports


class _Held:
    """An async function that waits in each run, and in its cleanup."""

    def __init__(self) -> None:
        self.log: list[str] = []
        self.go, self.clean = asyncio.Event(), asyncio.Event()

    async def __call__(self, name: str = "run") -> None:
        self.log.append(f"{name} in")
        try:
            await self.go.wait()
        except asyncio.CancelledError:
            self.log.append(f"{name} cancelled")
            await self.clean.wait()
            self.log.append(f"{name} clean")
            raise
        self.log.append(f"{name} out")


def test_last_call_wins() -> None:
    """A burst of calls brings one run, with all the arguments of the last call."""

    async def main(clock: _Clock) -> None:
        log: list[tuple[float, str, int]] = []

        @debounce(2)
        async def job(text: str, *, size: int) -> None:
            log.append((clock.now, text, size))

        for now, text in enumerate(("c", "ca", "cat")):
            await clock.until(now)
            job(text, size=now)
        for later in (3, 3.9, 4, 9):
            await clock.until(later)
        assert log == [(4, "cat", 2)]

    assert _run(main) == []


def test_two_bursts() -> None:
    """A second burst brings a second run."""

    async def main(clock: _Clock) -> None:
        log: list[float] = []

        @debounce(1)
        async def job() -> None:
            log.append(clock.now)

        for now in (0, 5, 6):
            clock.now = now
            job()
            await _ticks()
            await clock.until(now + 1)
        assert log == [1, 6, 7]

    assert _run(main) == []


@pytest.mark.parametrize("delay", [0, -1, -1e9])
def test_zero_and_below(delay: float) -> None:
    """A delay of zero or less runs soon, but never within the call."""

    async def main(_: _Clock) -> None:
        log: list[int] = []

        @debounce(delay)
        async def job(count: int) -> None:
            log.append(count)

        job(1)
        job(2)
        assert log == []
        await _ticks()
        assert log == [2]

    assert _run(main) == []


def test_runs_never_overlap() -> None:
    """Calls during a run lead to one run after it, with the arguments of the last one."""

    async def main(clock: _Clock) -> None:
        held = _Held()
        job = debounce(1)(held)
        job("a")
        await _ticks()
        await clock.until(1)
        job("b")
        job("c")
        await clock.until(5)
        assert held.log == ["a in"]
        held.go.set()
        await _ticks()
        assert held.log == ["a in", "a out", "c in", "c out"]

    assert _run(main) == []


def test_called_at_the_end_of_a_run() -> None:
    """A call during a run waits for its own delay."""

    async def main(clock: _Clock) -> None:
        held = _Held()
        job = debounce(1)(held)
        job("a")
        await _ticks()
        await clock.until(1)
        job("b")
        held.go.set()
        await _ticks()
        assert held.log == ["a in", "a out"]
        await clock.until(2)
        assert held.log[2:] == ["b in", "b out"]

    assert _run(main) == []


def test_called_by_the_function() -> None:
    """The function may call itself."""

    async def main(clock: _Clock) -> None:
        log: list[float] = []

        async def again() -> None:
            log.append(clock.now)
            if len(log) < 3:
                job()

        job = debounce(1)(again)
        job()
        for now in range(6):
            await clock.until(now)
        assert log == [1, 2, 3]

    assert _run(main) == []


def test_failure_is_reported() -> None:
    """An exception is reported at once, and the next call runs."""

    async def main(clock: _Clock) -> None:
        @debounce(1)
        async def job() -> None:
            raise ValueError(clock.now)

        for now in (0, 2):
            clock.now = now
            job()
            await _ticks()
            await clock.until(now + 1)

    reports = _run(main)
    assert [repr(one["exception"]) for one in reports] == [
        "ValueError(1)",
        "ValueError(3)",
    ]
    assert {one["message"] for one in reports} == {"a run failed"}


def test_any_exception_is_reported() -> None:
    """What does not derive from `Exception` is reported as well, when the run has ended."""

    class Odd(BaseException):
        pass

    async def main(_: _Clock) -> None:
        @debounce(1)
        async def save() -> None:
            raise Odd

        save()
        await save.flush()
        await _ticks()

    found = [type(one["exception"]) for one in _run(main)]
    assert found == [Odd]


def test_failure_keeps_what_is_due() -> None:
    """A call during a run that fails still leads to a run."""

    async def main(clock: _Clock) -> None:
        log: list[str] = []

        @debounce(1)
        async def job(text: str) -> None:
            log.append(text)
            if text == "a":
                job("b")
                raise ValueError

        job("a")
        for now in range(4):
            await clock.until(now)
        assert log == ["a", "b"]

    assert len(_run(main)) == 1


def test_foreign_cancelled_error_is_reported() -> None:
    """A `CancelledError` that `stop` did not cause is reported like a failure; a call that is due still runs."""

    async def main(clock: _Clock) -> None:
        log: list[str] = []

        @debounce(1)
        async def job(text: str) -> None:
            log.append(text)
            if text == "a":
                job("b")
                raise asyncio.CancelledError

        job("a")
        for now in range(4):
            await clock.until(now)
        assert log == ["a", "b"]

    reports = _run(main)
    assert [type(one["exception"]) for one in reports] == [
        asyncio.CancelledError
    ]


def test_context_variables() -> None:
    """A run sees the context variables of the call whose arguments it got, and leaves no trace in the next run."""

    async def main(clock: _Clock) -> None:
        user = contextvars.ContextVar("user", default="nobody")
        seen: list[tuple[str, str]] = []

        @debounce(1)
        async def job(text: str) -> None:
            seen.append((text, user.get()))
            user.set("somebody")

        async def request(name: str) -> None:
            user.set(name)
            job(f"text of {name}")

        for now, names in ((0, ["ann", "bob"]), (5, ["cy"])):
            await clock.until(now)
            for name in names:
                await asyncio.ensure_future(request(name))
            await clock.until(now + 1)
        job("no request")
        await job.flush()
        assert seen == [
            ("text of bob", "bob"),
            ("text of cy", "cy"),
            ("no request", "nobody"),
        ]

    assert _run(main) == []


@pytest.mark.skipif(
    sys.version_info < (3, 12), reason="eager tasks are new in 3.12"
)
@pytest.mark.parametrize("delay", [0, 1])
def test_eager_tasks(delay: float) -> None:
    """With an eager task factory no call is lost, none runs within the call, and waiting for itself is a RuntimeError."""

    async def main(clock: _Clock) -> None:
        loop = asyncio.get_running_loop()
        loop.set_task_factory(vars(asyncio)["eager_task_factory"])
        log: list[str] = []

        @debounce(delay)
        async def job(text: str) -> None:
            log.append(text)
            with pytest.raises(RuntimeError, match="itself"):
                await job.flush()

        for now, text in ((0, "a"), (5, "b")):
            await clock.until(now)
            job(text)
            assert text not in log
            await clock.until(now + 1)
            assert log[-1] == text
        assert log == ["a", "b"]

    assert _run(main) == []


def test_metadata() -> None:
    """The decorated function keeps its name, docstring and signature."""

    @debounce(1)
    async def job(text: str) -> None:
        """Save the text."""

    assert vars(job)["__name__"] == "job"
    assert job.__doc__ == "Save the text."
    assert list(inspect.signature(job).parameters) == ["text"]


def test_flush() -> None:
    """`flush` runs at once what is due, and returns when the run has ended."""

    async def main(clock: _Clock) -> None:
        held = _Held()
        job = debounce(60)(held)
        job("a")
        flushing = asyncio.ensure_future(job.flush())
        await _ticks()
        assert held.log == ["a in"]
        assert not flushing.done()
        held.go.set()
        await flushing
        assert held.log == ["a in", "a out"]
        await clock.until(99)
        assert held.log == ["a in", "a out"]

    assert _run(main) == []


def test_flush_before_and_while_it_waits() -> None:
    """`flush` works right after the call, and later during the delay."""

    async def main(clock: _Clock) -> None:
        log: list[str] = []

        @debounce(60)
        async def job(text: str) -> None:
            log.append(text)

        job("a")
        await job.flush()
        job("b")
        await clock.until(30)
        await job.flush()
        job("c")
        await _ticks()
        assert log == ["a", "b"]
        await clock.until(90)
        assert log == ["a", "b", "c"]

    assert _run(main) == []


def test_flush_nothing() -> None:
    """`flush` and `stop` with nothing due return at once, before the first call too."""

    async def main(_: _Clock) -> None:
        job = debounce(60)(_Held())
        await job.flush()
        await job.stop()

    assert _run(main) == []


def test_flush_during_a_run() -> None:
    """`flush` during a run waits for it, and runs what is due right after it."""

    async def main(clock: _Clock) -> None:
        held = _Held()
        job = debounce(1)(held)
        job("a")
        await _ticks()
        await clock.until(1)
        job("b")
        calls = [
            asyncio.ensure_future(job.flush()) for _ in range(2)
        ]
        await _ticks()
        assert held.log == ["a in"]
        held.go.set()
        await asyncio.gather(*calls)
        assert held.log == ["a in", "a out", "b in", "b out"]

    assert _run(main) == []


def test_flush_hurries_no_later_call() -> None:
    """`flush` with nothing due does not shorten the delay of a later call."""

    async def main(clock: _Clock) -> None:
        held = _Held()
        job = debounce(1)(held)
        job("a")
        await _ticks()
        await clock.until(1)
        flushing = asyncio.ensure_future(job.flush())
        await _ticks()
        job("b")
        held.go.set()
        await _ticks()
        assert held.log == ["a in", "a out"]
        await clock.until(2)
        await flushing
        assert held.log[2:] == ["b in", "b out"]

    assert _run(main) == []


@pytest.mark.parametrize("times", [1, 2])
def test_caller_of_flush_cancelled(times: int) -> None:
    """A caller of `flush` that is cancelled, once or twice, ends at once; the run goes on."""

    async def main(_: _Clock) -> None:
        held = _Held()
        job = debounce(60)(held)
        job()
        flushing = asyncio.ensure_future(job.flush())
        await _ticks()
        for _i in range(times):
            flushing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await flushing
        assert held.log == ["run in"]
        held.go.set()
        await job.flush()
        assert held.log == ["run in", "run out"]

    assert _run(main) == []


def test_stop_drops() -> None:
    """`stop` drops what is due."""

    async def main(clock: _Clock) -> None:
        held = _Held()
        job = debounce(1)(held)
        job()
        await job.stop()
        job()
        await _ticks()
        await job.stop()
        await clock.until(9)
        assert held.log == []

    assert _run(main) == []


def test_stop_cancels_and_waits() -> None:
    """Several calls of `stop` cancel a run once, and wait for its cleanup; calls meanwhile are dropped."""

    async def main(clock: _Clock) -> None:
        held = _Held()
        job = debounce(1)(held)
        job("a")
        await _ticks()
        await clock.until(1)
        job("b")
        stops = [
            asyncio.ensure_future(job.stop()) for _ in range(2)
        ]
        await _ticks()
        job("c")
        stops.append(asyncio.ensure_future(job.stop()))
        await clock.until(5)
        assert not any(one.done() for one in stops)
        held.clean.set()
        await asyncio.gather(*stops)
        await clock.until(9)
        assert held.log == ["a in", "a cancelled", "a clean"]

    assert _run(main) == []


def test_stop_and_a_refusing_run() -> None:
    """`stop` waits for a run that suppresses its cancellation; calls meanwhile are dropped."""

    async def main(clock: _Clock) -> None:
        log: list[str] = []
        go = asyncio.Event()

        @debounce(1)
        async def job(text: str) -> None:
            log.append(text)
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                await go.wait()

        job("a")
        await _ticks()
        await clock.until(1)
        stopping = asyncio.ensure_future(job.stop())
        await _ticks()
        job("b")
        await clock.until(5)
        assert not stopping.done()
        go.set()
        await stopping
        assert log == ["a"]

    assert _run(main) == []


@pytest.mark.parametrize("limit", [0.01, 0, -1])
def test_give_up_waiting(limit: float) -> None:
    """A timeout around `stop` gives up waiting; zero and less as well; the cleanup goes on."""

    async def main(clock: _Clock) -> None:
        held = _Held()
        job = debounce(1)(held)
        job()
        await _ticks()
        await clock.until(1)
        await job_stop_soon(job)
        stopping = asyncio.ensure_future(
            asyncio.wait_for(job.stop(), limit)
        )
        await _ticks()
        await clock.until(2)
        with pytest.raises(asyncio.TimeoutError):
            await stopping
        held.clean.set()
        await job.stop()
        assert held.log[-1] == "run clean"

    async def job_stop_soon(job: Debounced[...]) -> None:
        first = asyncio.ensure_future(job.stop())
        await _ticks()
        first.cancel()
        first.cancel()
        await asyncio.wait({first})
        assert first.cancelled()

    assert _run(main) == []


def test_usable_after_stop() -> None:
    """After `stop` it can be called again."""

    async def main(_: _Clock) -> None:
        log: list[str] = []

        @debounce(60)
        async def job(text: str) -> None:
            log.append(text)

        job("a")
        await _ticks()
        await job.stop()
        job("b")
        await job.flush()
        assert log == ["b"]

    assert _run(main) == []


def test_cancelled_in_one_tick() -> None:
    """The caller of `stop` and every other task cancelled in one tick: all end."""

    async def main(clock: _Clock) -> None:
        held = _Held()
        held.clean.set()
        job = debounce(1)(held)
        job()
        await _ticks()
        await clock.until(1)
        stopping = asyncio.ensure_future(job.stop())
        await _ticks(1)
        others = asyncio.all_tasks() - {asyncio.current_task()}
        assert len(others) == 3  # one waits for the run of another
        for one in others:
            one.cancel()
        await asyncio.wait(others)
        assert stopping.cancelled()
        assert held.log == ["run in", "run cancelled", "run clean"]

    assert _run(main) == []


async def _cancel_all() -> None:
    for one in asyncio.all_tasks() - {asyncio.current_task()}:
        one.cancel()
    await _ticks()


def test_flush_when_everything_is_cancelled() -> None:
    """If a shutdown cancels all tasks in one tick, `flush` in a `finally` still runs what is due."""

    async def main(_: _Clock) -> None:
        log: list[str] = []

        @debounce(5)
        async def save(text: str) -> None:
            log.append(f"{text} in")
            await asyncio.sleep(0)
            log.append(f"{text} out")

        async def editor() -> None:
            try:
                save("last")
                await asyncio.Event().wait()
            finally:
                await save.flush()
                log.append("flushed")

        editing = asyncio.create_task(editor())
        await _ticks()
        await _cancel_all()
        await asyncio.wait({editing})
        assert log == ["last in", "last out", "flushed"]

    assert _run(main) == []


def test_stop_when_everything_is_cancelled() -> None:
    """After such a shutdown `stop` waits for the cleanup of a run, which it does not cancel again; no other run overlaps it."""

    async def main(_: _Clock) -> None:
        held = _Held()
        job = debounce(0)(held)
        job("one")
        await _ticks()
        await _cancel_all()
        assert held.log == ["one in", "one cancelled"]
        job("two")
        await _ticks()
        stopping = asyncio.create_task(job.stop())
        await _ticks()
        assert not stopping.done()
        assert held.log == ["one in", "one cancelled"]
        held.clean.set()
        await stopping
        assert "two in" not in held.log

    _run(main)


@pytest.mark.parametrize("turns", range(8))
def test_everything_cancelled_at_any_moment(turns: int) -> None:
    """If all tasks are cancelled in the turn before a run begins, or in any other before, `flush` still runs what is due."""

    async def main(_: _Clock) -> None:
        log: list[str] = []

        @debounce(0)
        async def save() -> None:
            log.append("in")

        save()
        flushing = asyncio.create_task(save.flush())
        await _ticks(turns)
        await _cancel_all()
        await asyncio.wait({flushing})
        await save.flush()
        assert log == ["in"]

    assert _run(main) == []


def test_cancelled_again_during_the_cleanup() -> None:
    """If all tasks are cancelled again and again during a run, no other run overlaps it, and a later call counts."""

    async def main(_: _Clock) -> None:
        log: list[str] = []
        go = asyncio.Event()

        @debounce(0)
        async def job(name: str) -> None:
            log.append(f"{name} in")
            while not go.is_set():
                with contextlib.suppress(asyncio.CancelledError):
                    await go.wait()
            log.append(f"{name} out")

        job("one")
        await _ticks()
        for name in ("two", "three", "four"):
            await _cancel_all()
            job(name)
            await _ticks()
        assert log == ["one in"]
        go.set()
        await job.flush()
        assert log == ["one in", "one out", "four in", "four out"]

    assert _run(main) == []


def test_tasks_cancelled_one_by_one() -> None:
    """A shutdown that cancels the tasks one after the other, and waits for each, does not hang."""

    async def main(_: _Clock) -> None:
        held = _Held()
        held.clean.set()
        job = debounce(0)(held)
        job()
        await _ticks(2)
        before = asyncio.all_tasks() - {asyncio.current_task()}
        await _ticks()
        runs = (
            asyncio.all_tasks() - {asyncio.current_task()} - before
        )
        for one in [*before, *runs]:
            one.cancel()
            await _ticks()
            assert one.done()
        await job.stop()
        assert held.log == ["run in", "run cancelled", "run clean"]

    _run(main)


def test_delay() -> None:
    """With an infinite delay only `flush` runs the function; a delay that is not a number is refused."""

    async def main(clock: _Clock) -> None:
        log: list[int] = []

        @debounce(math.inf)
        async def job(number: int) -> None:
            log.append(number)

        job(1)
        await clock.until(1e9)
        assert log == []
        await job.flush()
        assert log == [1]

    assert _run(main) == []
    for delay in (None, "soon"):
        wrong: Any = delay
        with pytest.raises((TypeError, ValueError)):
            debounce(wrong)(_ticks)


def test_keywords_of_any_name() -> None:
    """A keyword argument may be called `self`."""

    async def main(_: _Clock) -> None:
        log: list[dict[str, int]] = []

        @debounce(0)
        async def job(**values: int) -> None:
            log.append(values)

        job(self=1)
        await job.flush()
        assert log == [{"self": 1}]

    assert _run(main) == []


def test_from_the_function_itself() -> None:
    """`flush` and `stop` in the function are a RuntimeError, not a deadlock."""

    async def main(_: _Clock) -> None:
        errors: list[str] = []

        async def selfish() -> None:
            for method in (job.flush, job.stop):
                try:
                    await method()
                except RuntimeError as error:
                    errors.append(str(error))

        job = debounce(60)(selfish)
        job()
        await job.flush()
        assert errors == ["it would wait for itself"] * 2

    assert _run(main) == []


def test_loop_after_loop() -> None:
    """A loop that ends drops what is due; in the next loop it works again."""
    log: list[str] = []

    @debounce(60)
    async def job(text: str) -> None:
        log.append(text)

    async def leave(_: _Clock) -> None:
        job("a")
        await _ticks()

    async def again(_: _Clock) -> None:
        await job.flush()
        job("b")
        await job.flush()

    with pytest.raises(AssertionError):  # it leaves a task
        _run(leave)
    assert _run(again) == []
    assert log == ["b"]


def test_loop_closed_during_a_run() -> None:
    """A loop that is closed during a run, without cancelling it, leaves nothing that disturbs the next loop."""
    log: list[str] = []

    @debounce(0)
    async def save() -> None:
        log.append("in")
        await asyncio.Event().wait()

    async def begin() -> None:
        save()
        await _ticks()

    async def stop() -> None:
        save()
        await save.stop()
        log.append("stopped")

    loop = asyncio.new_event_loop()
    loop.set_exception_handler(lambda *_: None)
    loop.run_until_complete(begin())
    tasks = asyncio.all_tasks(loop)
    loop.close()
    asyncio.run(stop())
    assert log == ["in", "stopped"]
    for task in tasks:  # or Python says that it was destroyed
        coroutine: Any = task.get_coro()
        coroutine.close()
    tasks.clear()
    gc.collect()


def test_methods() -> None:
    """A bound method can be wrapped: each object has its own burst."""

    class Document:
        def __init__(self) -> None:
            self.saved: list[str] = []
            self.save = debounce(1)(self._save)

        async def _save(self, text: str) -> None:
            self.saved.append(text)

    async def main(_: _Clock) -> None:
        first, second = Document(), Document()
        first.save("a")
        second.save("b")
        first.save("c")
        await first.save.flush()
        await second.save.flush()
        assert first.saved == ["c"]
        assert second.saved == ["b"]

    assert _run(main) == []


def test_no_loop() -> None:
    """It can be made without a loop; a call needs one: RuntimeError."""
    job = debounce(1)(asyncio.sleep)
    with pytest.raises(RuntimeError):
        job(1)


def test_other_loop() -> None:
    """While it is in use, each method in another loop is a RuntimeError, and changes nothing."""
    ready = threading.Event()
    log: list[str] = []
    box: list[Any] = []

    @debounce(60)
    async def job(text: str) -> None:
        log.append(text)

    def other() -> None:
        async def main() -> None:
            job("a")
            end = asyncio.Event()
            box.extend([asyncio.get_running_loop(), end])
            ready.set()
            await end.wait()
            await job.flush()

        asyncio.run(main())

    thread = threading.Thread(target=other)
    thread.start()
    ready.wait()
    loop, end = box

    async def main(_: _Clock) -> None:
        with pytest.raises(RuntimeError, match="another loop"):
            job("b")
        for method in (job.flush, job.stop):
            with pytest.raises(RuntimeError, match="another loop"):
                await method()

    try:
        assert _run(main) == []
    finally:
        loop.call_soon_threadsafe(end.set)
        thread.join()
    assert log == ["a"]


def test_leaves_nothing_a_hundred_times() -> None:
    """A hundred bursts, run and stopped, leave no task, thread or descriptor."""

    async def main(_: _Clock) -> None:
        for _i in range(100):
            job = debounce(60)(_Held())
            job()
            await _ticks(2)
            await job.stop()
            other = debounce(60)(_ticks)
            other(1)
            await other.flush()
        gc.collect()

    assert _run(main) == []
    threads = threading.active_count()
    files = len(list(Path("/dev/fd").iterdir()))
    assert _run(main) == []
    assert threading.active_count() == threads
    assert len(list(Path("/dev/fd").iterdir())) == files
