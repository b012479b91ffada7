# SPDX-License-Identifier: 0BSD
"""What `SingleFlight` promises, one test each."""

import asyncio
import contextlib
import contextvars
import gc
import sys
import traceback
import weakref
from typing import Any, Awaitable, Callable, List, Optional

import pytest

from single_flight import SingleFlight


async def _ticks(number: int = 10) -> None:
    for _ in range(number):
        await asyncio.sleep(0)


async def _started(work: Awaitable[Any]) -> "asyncio.Task[Any]":
    task = asyncio.ensure_future(work)
    assert isinstance(task, asyncio.Task)
    await _ticks()
    return task


def _run(main: Callable[[], Awaitable[None]]) -> List[Any]:
    """Run `main`; fail if it leaves a task; return what was reported."""
    reports: List[Any] = []

    async def watched() -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(
            lambda _, c: reports.append(c["exception"])
        )
        await main()
        await asyncio.sleep(0)  # this step holds what it was thrown
        gc.collect()
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(watched())
    return reports


class _Call:
    """A function to share; its calls end when the test says so."""

    def __init__(self, *, slow: bool = False) -> None:
        self.log: List[str] = []
        self.task: "Optional[asyncio.Task[Any]]" = None
        self.end = asyncio.Event()
        self.clean = asyncio.Event()
        self.result: Any = None
        if not slow:
            self.clean.set()

    async def __call__(self) -> Any:
        self.log.append("began")
        self.task = asyncio.current_task()
        try:
            await self.end.wait()
        except asyncio.CancelledError:
            self.log.append("cleaning")
            try:
                await self.clean.wait()
            except asyncio.CancelledError:
                self.log.append("cut off")
                raise
            self.log.append("clean")
            raise
        if isinstance(self.result, BaseException):
            raise self.result
        return self.result

    def ends(self, result: Any) -> None:
        self.result = result
        self.end.set()


def test_shared() -> None:
    """Tasks that ask for a key while its call runs all get the result of that one call."""

    async def main() -> None:
        flights: SingleFlight[str] = SingleFlight()
        call, other = _Call(), _Call()
        first = await _started(flights.run("key", call))
        second = await _started(flights.run("key", other))
        third = await _started(flights.run("key", call))
        assert call.log == ["began"]
        call.ends("result")
        assert (
            await first == await second == await third == "result"
        )
        assert call.log == ["began"]
        assert other.log == []

    assert _run(main) == []


def test_order() -> None:
    """The callers continue in the order in which they came."""

    async def main() -> None:
        flights: SingleFlight[None] = SingleFlight()
        call = _Call()
        order: List[int] = []

        async def caller(number: int) -> None:
            await flights.run("key", call)
            order.append(number)

        callers = [await _started(caller(n)) for n in range(50)]
        call.ends(None)
        await asyncio.gather(*callers)
        assert order == list(range(50))

    assert _run(main) == []


def test_keys() -> None:
    """Each key has a call of its own; equal keys share one, as in a dict."""

    async def main() -> None:
        flights: SingleFlight[str] = SingleFlight()
        calls = [_Call(), _Call(), _Call()]
        keys = [("a", 1), ("a", 2), ("a", True)]
        tasks = [
            await _started(flights.run(keys[i], calls[i]))
            for i in range(3)
        ]
        assert [one.log for one in calls] == [
            ["began"],
            ["began"],
            [],
        ]
        for number in (0, 1):
            calls[number].ends(number)
        assert await asyncio.gather(*tasks) == [0, 1, 0]
        with pytest.raises(TypeError, match="unhashable"):
            await flights.run([], calls[0])  # type: ignore[arg-type]

    assert _run(main) == []


def test_nothing_is_kept() -> None:
    """When a call has ended, the next caller starts another one; results and keys are not kept."""

    class Key:
        pass

    async def main() -> None:
        flights: SingleFlight[int] = SingleFlight()
        numbers: List[int] = []
        key = Key()
        kept = weakref.ref(key)

        async def count() -> int:
            numbers.append(len(numbers))
            return len(numbers)

        assert await flights.run(key, count) == 1
        assert await flights.run(key, count) == 2
        del key
        gc.collect()
        assert kept() is None

    assert _run(main) == []


def test_new_call_in_the_same_turn() -> None:
    """A caller that comes when the call has just ended starts another one, although the first callers have not been woken."""

    async def main() -> None:
        flights: SingleFlight[str] = SingleFlight()
        call, late = _Call(), _Call()
        late.ends("late")
        first = await _started(flights.run("key", call))
        assert call.task is not None
        call.ends("early")
        for _ in range(100):
            if call.task.done():
                break
            await asyncio.sleep(0)
        assert not first.done()
        assert await flights.run("key", late) == "late"
        assert await first == "early"

    assert _run(main) == []


def test_a_caller_is_cancelled() -> None:
    """A caller that is cancelled ends at once; the call and its other callers go on, also if the caller started it."""

    async def main() -> None:
        flights: SingleFlight[str] = SingleFlight()
        call = _Call()
        callers = [
            await _started(flights.run("key", call))
            for _ in range(3)
        ]
        for one in callers[:2]:
            one.cancel()
            await asyncio.wait({one})
            assert one.cancelled()
        assert call.log == ["began"]
        call.ends("result")
        assert await callers[2] == "result"

    assert _run(main) == []


def test_timeout_of_a_caller() -> None:
    """A timeout around `run`, also of zero or less, ends the wait of that caller only."""

    async def main() -> None:
        flights: SingleFlight[str] = SingleFlight()
        call = _Call()
        patient = await _started(flights.run("key", call))
        for limit in (0.01, 0, -1):
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(
                    flights.run("key", call), limit
                )
        call.ends("result")
        assert await patient == "result"
        assert call.log == ["began"]

    assert _run(main) == []


@pytest.mark.skipif(sys.version_info < (3, 11), reason="no timeout")
def test_timeouts_of_all() -> None:
    """Under `asyncio.timeout` a cancelled caller gets TimeoutError, and no cancellation is left on its task."""

    async def main() -> None:
        flights: SingleFlight[str] = SingleFlight()
        call = _Call()

        async def caller(limit: float) -> int:
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(limit):
                    await flights.run("key", call)
            task = asyncio.current_task()
            assert task is not None
            return task.cancelling()

        left = await asyncio.gather(
            *map(caller, [0.01, 0.01, 0.02])
        )
        assert left == [0, 0, 0]
        assert call.log == ["began", "cleaning", "clean"]

    assert _run(main) == []


def test_last_caller_is_cancelled() -> None:
    """When the last caller is cancelled, the call is cancelled, once, and the caller ends when the call has cleaned up."""

    async def main() -> None:
        flights: SingleFlight[str] = SingleFlight()
        call = _Call(slow=True)
        first = await _started(flights.run("key", call))
        last = await _started(flights.run("key", call))
        first.cancel()
        await _ticks()
        assert call.log == ["began"]
        last.cancel()
        await _ticks()
        assert call.log == ["began", "cleaning"]
        assert not last.done()
        call.clean.set()
        await asyncio.wait({last})
        assert first.cancelled()
        assert last.cancelled()
        assert call.log == ["began", "cleaning", "clean"]

    assert _run(main) == []


def test_all_callers_at_once() -> None:
    """If all callers are cancelled in one turn of the loop, the call is cancelled once."""

    async def main() -> None:
        flights: SingleFlight[str] = SingleFlight()
        call = _Call(slow=True)
        callers = [
            await _started(flights.run("key", call))
            for _ in range(3)
        ]
        for one in callers:
            one.cancel()
        await _ticks()
        assert [one.done() for one in callers] == [
            True,
            True,
            False,
        ]
        call.clean.set()
        await asyncio.wait(callers)
        assert all(one.cancelled() for one in callers)
        assert call.log == ["began", "cleaning", "clean"]

    assert _run(main) == []


def test_cancelled_twice() -> None:
    """A last caller that is cancelled twice ends at once; the call is not cancelled again, and is held until it has cleaned up."""

    async def main() -> None:
        flights: SingleFlight[str] = SingleFlight()
        box: "List[weakref.ref[asyncio.Future[None]]]" = []
        log: List[str] = []

        async def waits_for_an_orphan() -> str:
            try:
                await asyncio.Event().wait()
            finally:
                future = asyncio.get_running_loop().create_future()
                box.append(weakref.ref(future))
                try:
                    await future
                finally:
                    log.append("ended")
            return "never"

        last = await _started(
            flights.run("key", waits_for_an_orphan)
        )
        last.cancel()
        await _ticks()
        assert not last.done()
        last.cancel()
        await asyncio.wait({last})
        assert last.cancelled()
        del last
        # Another call takes its place, and must not let go of it.
        other = _Call()
        other.ends("other")
        assert await flights.run("key", other) == "other"
        gc.collect()
        assert log == []
        orphan = box[0]()
        assert orphan is not None
        orphan.set_result(None)
        del orphan
        await _ticks()
        assert log == ["ended"]

    assert _run(main) == []


def test_cancelled_before_it_starts() -> None:
    """Cancelled before the first step of `run`, or of the call: the function is never called."""

    async def main() -> None:
        flights: SingleFlight[str] = SingleFlight()
        call = _Call()
        for turns in (0, 1):
            only = asyncio.ensure_future(flights.run("key", call))
            await _ticks(turns)
            only.cancel()
            await asyncio.wait({only})
            assert only.cancelled()
        assert call.log == []

    assert _run(main) == []


@pytest.mark.skipif(
    sys.version_info < (3, 12), reason="no eager tasks"
)
def test_cancelled_before_an_eager_start() -> None:
    """With eager tasks, too, a caller that was cancelled before it asks does not call the function."""

    async def main() -> None:
        loop = asyncio.get_running_loop()
        loop.set_task_factory(vars(asyncio)["eager_task_factory"])
        flights: SingleFlight[str] = SingleFlight()
        call = _Call()

        async def cancelled() -> None:
            task = asyncio.current_task()
            assert task is not None
            task.cancel()
            await flights.run("key", call)

        for caller in (cancelled(), flights.run("key", call)):
            only = asyncio.ensure_future(caller)
            only.cancel()
            await asyncio.wait({only})
            assert only.cancelled()
        assert call.log == []

    assert _run(main) == []


def test_caller_during_cleanup() -> None:
    """A caller that comes while a cancelled call cleans up starts another call, and may share that with others."""

    async def main() -> None:
        flights: SingleFlight[str] = SingleFlight()
        old, new = _Call(slow=True), _Call()
        leaving = await _started(flights.run("key", old))
        leaving.cancel()
        await _ticks()
        second = await _started(flights.run("key", new))
        third = await _started(flights.run("key", new))
        assert old.log == ["began", "cleaning"]
        old.clean.set()
        await asyncio.wait({leaving})
        fourth = await _started(flights.run("key", new))
        assert new.log == ["began"]
        new.ends("new")
        for caller in (second, third, fourth):
            assert await caller == "new"

    assert _run(main) == []


def test_caller_before_the_cleanup() -> None:
    """A caller that comes when the last one has been cancelled, but has not run since, keeps the call alive."""

    async def main() -> None:
        flights: SingleFlight[str] = SingleFlight()
        call = _Call()
        leaving = await _started(flights.run("key", call))
        joining = asyncio.ensure_future(flights.run("key", call))
        asyncio.get_running_loop().call_soon(leaving.cancel)
        await _ticks()
        assert leaving.cancelled()
        assert call.log == ["began"]
        call.ends("result")
        assert await joining == "result"

    assert _run(main) == []


def test_call_suppresses_its_cancellation() -> None:
    """A call that returns although it was cancelled: its value is lost, and the last caller stays cancelled."""

    async def main() -> None:
        flights: SingleFlight[str] = SingleFlight()

        async def stubborn() -> str:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                await asyncio.sleep(0)
            return "finished anyway"

        last = await _started(flights.run("key", stubborn))
        last.cancel()
        await asyncio.wait({last})
        assert last.cancelled()

    assert _run(main) == []


def test_failure() -> None:
    """An exception of the call is raised in each caller, and not reported; the next caller starts another call."""

    async def main() -> None:
        flights: SingleFlight[str] = SingleFlight()
        call, again = _Call(), _Call()
        callers = [
            await _started(flights.run("key", call))
            for _ in range(3)
        ]
        error = ValueError("bad")
        call.ends(error)
        await asyncio.wait(callers)
        assert [one.exception() for one in callers] == [error] * 3
        again.ends("good")
        assert await flights.run("key", again) == "good"

    assert _run(main) == []


def test_function_fails() -> None:
    """What `function` itself raises, or TypeError if it returns no awaitable, is raised like a failure of the call."""

    async def main() -> None:
        flights: SingleFlight[str] = SingleFlight()

        def refuse() -> Any:
            raise ValueError("no")

        with pytest.raises(ValueError, match="no"):
            await flights.run("key", refuse)
        with pytest.raises(TypeError):
            await flights.run("key", lambda: 1)  # type: ignore

    assert _run(main) == []


def test_traceback() -> None:
    """The traceback that a caller sees starts in the call, and does not grow with the number of callers."""

    async def main() -> None:
        flights: SingleFlight[None] = SingleFlight()
        seen: List[List[str]] = []

        async def fail() -> None:
            raise ValueError("bad")

        async def caller() -> None:
            with pytest.raises(ValueError, match="bad") as caught:
                await flights.run("key", fail)
            lines = traceback.extract_tb(caught.value.__traceback__)
            seen.append([line.name for line in lines])

        await asyncio.gather(*(caller() for _ in range(50)))
        assert seen[0][-1] == "fail"
        assert seen == [seen[0]] * 50

    assert _run(main) == []


def test_failure_that_nobody_gets() -> None:
    """A failure in the cleanup after the last caller was cancelled, or in the turn in which that happened, is reported by asyncio."""

    async def main() -> None:
        flights: SingleFlight[str] = SingleFlight()

        async def breaks() -> str:
            try:
                await asyncio.Event().wait()
            finally:
                raise OSError("cleanup")

        last = await _started(flights.run("key", breaks))
        last.cancel()
        await asyncio.wait({last})
        assert last.cancelled()
        call = _Call()
        call.result = OSError("same turn")
        last = await _started(flights.run("key", call))
        call.end.set()
        last.cancel()
        await asyncio.wait({last})
        assert last.cancelled()

    errors = [str(error) for error in _run(main)]
    assert errors == ["cleanup", "same turn"]


def test_result_and_cancellation() -> None:
    """A caller that is cancelled in the turn in which the call returns is cancelled; another one gets the result."""

    async def main() -> None:
        flights: SingleFlight[str] = SingleFlight()
        for turns in range(3):
            call = _Call()
            first = await _started(flights.run("key", call))
            second = await _started(flights.run("key", call))
            call.ends("result")
            await _ticks(turns)
            first.cancel()
            assert await second == "result"
            await asyncio.wait({first})
            assert first.cancelled()

    assert _run(main) == []


@pytest.mark.parametrize("by_itself", [True, False])
def test_call_is_cancelled(by_itself: bool) -> None:
    """If the call is cancelled, by itself or by other code, each caller gets a CancelledError of its own."""

    async def main() -> None:
        flights: SingleFlight[str] = SingleFlight()
        call = _Call()
        errors: List[BaseException] = []

        async def caller() -> None:
            try:
                await flights.run("key", call)
            except asyncio.CancelledError as error:
                errors.append(error)

        callers = [await _started(caller()) for _ in range(2)]
        if by_itself:
            call.ends(asyncio.CancelledError())
        else:
            assert call.task is not None
            call.task.cancel()
        await asyncio.gather(*callers)
        assert errors[0] is not errors[1]
        assert str(errors[0]) == "call cancelled"

    assert _run(main) == []


def test_recursion() -> None:
    """A call that asks for its own key in its own task gets RuntimeError; one that does so after its last caller left starts another call."""

    async def main() -> None:
        flights: SingleFlight[str] = SingleFlight()
        seen: List[str] = []

        async def recursive() -> str:
            return await flights.run("key", recursive)

        with pytest.raises(RuntimeError, match="its own end"):
            await flights.run("key", recursive)

        async def other() -> str:
            return "other"

        async def asks_in_its_cleanup() -> str:
            try:
                await asyncio.Event().wait()
            finally:
                seen.append(await flights.run("key", other))
            return "never"

        last = await _started(
            flights.run("key", asks_in_its_cleanup)
        )
        last.cancel()
        await asyncio.wait({last})
        assert seen == ["other"]

    assert _run(main) == []


def test_recursion_through_another_task() -> None:
    """A call that asks for its own key in a task that it started waits until that task is cancelled."""

    async def main() -> None:
        flights: SingleFlight[str] = SingleFlight()
        inner: "List[asyncio.Task[str]]" = []

        async def recursive() -> str:
            inner.append(
                asyncio.ensure_future(flights.run("key", recursive))
            )
            await asyncio.wait(inner)
            return "ended"

        call = await _started(flights.run("key", recursive))
        await _ticks()
        assert len(inner) == 1
        assert not call.done()
        inner[0].cancel()
        assert await call == "ended"

    assert _run(main) == []


def test_context_variables() -> None:
    """The call has a copy of the context variables of the caller that starts it; what it sets stays in the call."""
    user = contextvars.ContextVar("user", default="nobody")

    async def main() -> None:
        flights: SingleFlight[str] = SingleFlight()

        async def call() -> str:
            name = user.get()
            user.set("changed in the call")
            return name

        async def caller(name: str) -> str:
            user.set(name)
            seen = await flights.run("key", call)
            assert user.get() == name
            return seen

        seen = await asyncio.gather(*map(caller, ["alice", "bob"]))
        assert seen == ["alice", "alice"]

    assert _run(main) == []


@pytest.mark.skipif(
    sys.version_info < (3, 12), reason="no eager tasks"
)
def test_eager_tasks() -> None:
    """With eager tasks the function is not called inside `run`, and its call is shared and refuses recursion all the same."""

    async def main() -> None:
        loop = asyncio.get_running_loop()
        loop.set_task_factory(vars(asyncio)["eager_task_factory"])
        flights: SingleFlight[str] = SingleFlight()
        call = _Call()
        call.ends("result")
        first = asyncio.create_task(flights.run("key", call))
        second = asyncio.create_task(flights.run("key", call))
        assert call.log == []
        assert await first == await second == "result"
        assert call.log == ["began"]

        async def recursive() -> str:
            return await flights.run("key", recursive)

        with pytest.raises(RuntimeError, match="its own end"):
            await flights.run("key", recursive)

    assert _run(main) == []


def test_loops() -> None:
    """One object serves several loops, which share no call; it can be created where no loop runs."""
    flights: SingleFlight[str] = SingleFlight()
    other = asyncio.new_event_loop()
    end = other.create_future()

    async def wait_for_end() -> str:
        return str(await end)

    async def begin() -> "asyncio.Task[str]":
        return await _started(flights.run("key", wait_for_end))

    async def main() -> None:
        call = _Call()
        call.ends("mine")
        assert await flights.run("key", call) == "mine"

    caller = other.run_until_complete(begin())
    assert _run(main) == []
    end.set_result("of the other loop")
    assert other.run_until_complete(caller) == "of the other loop"
    other.close()


def test_no_cycle() -> None:
    """After a failure or a cancellation nothing waits for the garbage collector."""

    class Value:
        pass

    kept: "List[weakref.ref[Value]]" = []

    async def main() -> None:
        flights: SingleFlight[None] = SingleFlight()
        end = asyncio.Event()

        async def fail() -> None:
            value = Value()
            kept.append(weakref.ref(value))
            await end.wait()
            raise ValueError

        async def caller() -> None:
            value = Value()
            kept.append(weakref.ref(value))
            with contextlib.suppress(ValueError):
                await flights.run("key", fail)

        for number, cancel in ((2, False), (2, True), (1, False)):
            end.clear()
            callers = [
                await _started(caller()) for _ in range(number)
            ]
            for one in callers:
                if cancel:
                    one.cancel()
            end.set()
            await asyncio.wait(callers)
            del callers, one
            await _ticks()
            assert [one() for one in kept] == [None] * len(kept)

    gc.disable()
    try:
        assert _run(main) == []
    finally:
        gc.enable()
    assert len(kept) == 8


def test_thousands_of_callers() -> None:
    """Thousands of callers are woken, and thousands are cancelled, in a time that grows with their number only."""

    async def main() -> None:
        flights: SingleFlight[str] = SingleFlight()
        calls = [_Call(), _Call()]
        for call in calls:
            callers = [
                asyncio.ensure_future(flights.run("key", call))
                for _ in range(4_000)
            ]
            await _ticks()
            if call is calls[0]:
                call.ends("result")
                assert set(await asyncio.gather(*callers)) == {
                    "result"
                }
            else:
                for one in callers:
                    one.cancel()
                await asyncio.wait(callers)
                assert all(one.cancelled() for one in callers)
        assert calls[1].log == ["began", "cleaning", "clean"]

    assert _run(main) == []


def test_leaves_nothing_a_hundred_times() -> None:
    """A hundred calls, shared, failed and cancelled, leave no task behind."""

    async def main() -> None:
        flights: SingleFlight[str] = SingleFlight()
        for number in range(100):
            call = _Call()
            callers = [
                await _started(flights.run("key", call))
                for _ in range(3)
            ]
            if number % 3 == 0:
                call.ends("result")
            elif number % 3 == 1:
                call.ends(ValueError("bad"))
            else:
                for one in callers:
                    one.cancel()
            await asyncio.wait(callers)
            assert len(asyncio.all_tasks()) == 1
            for one in callers:
                assert (
                    one.cancelled()
                    or one.exception()
                    or one.result()
                )

    assert _run(main) == []
