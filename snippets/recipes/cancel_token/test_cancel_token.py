# SPDX-License-Identifier: 0BSD
"""What `CancelToken` promises, one test each."""

import asyncio
import contextlib
import functools
import gc
import math
import os
import sys
import threading
import weakref
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Awaitable, Callable, Dict, List

import pytest

from cancel_token import Cancelled, CancelToken

LONG = 60.0  # seconds; reached only when a promise is broken


def _run(main: Callable[[], Awaitable[None]]) -> None:
    """Run `main`; fail if it leaves a task or reports an error."""
    reports: List[Dict[str, Any]] = []

    async def watched() -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, c: reports.append(c))
        await main()
        gc.collect()
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(watched())
    assert reports == []


def test_first_cancel_wins() -> None:
    """The first `cancel` returns True and gives the reason; later ones return False and change nothing."""
    token = CancelToken()
    assert not token.cancelled()
    assert token.reason == ""
    token.raise_if_cancelled()
    assert token.cancel("shutting down") is True
    assert token.cancelled()
    assert token.reason == "shutting down"
    assert token.cancel("too late") is False
    assert token.reason == "shutting down"


def test_no_reason() -> None:
    """Without a reason the reason is empty."""
    token = CancelToken()
    assert token.cancel() is True
    assert token.reason == ""


def test_raises_every_time() -> None:
    """`raise_if_cancelled` raises each time, with the reason, also after `Cancelled` was swallowed."""
    token = CancelToken()
    token.cancel("enough")
    for _ in range(3):
        with pytest.raises(Cancelled, match="enough"):
            token.raise_if_cancelled()


def test_passes_except_exception() -> None:
    """`except Exception` lets `Cancelled` pass."""
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        with contextlib.suppress(Exception):
            token.raise_if_cancelled()


def test_wakes_threads() -> None:
    """`wait` blocks; `cancel` wakes every thread that waits, and they get True."""
    token = CancelToken()
    begun = threading.Barrier(9)

    def work() -> bool:
        begun.wait(LONG)
        return token.wait()

    with ThreadPoolExecutor(8) as pool:
        answers = [pool.submit(work) for _ in range(8)]
        begun.wait(LONG)
        assert not any(answer.done() for answer in answers)
        token.cancel()
        assert [one.result(LONG) for one in answers] == [True] * 8


def test_infinity() -> None:
    """`math.inf`, or more than a thread can wait, as a timeout means no limit."""
    for limit in (math.inf, threading.TIMEOUT_MAX * 2, 1e300):
        token = CancelToken()
        timer = threading.Timer(0.01, token.cancel)
        timer.start()
        assert token.wait(limit) is True
        timer.join()


def test_wait_gives_up() -> None:
    """`wait` returns False after its timeout, at once for zero and less, and True at once if cancelled."""
    token = CancelToken()
    for timeout in (0.01, 0, -1):
        assert token.wait(timeout) is False
    token.cancel()
    for timeout in (LONG, 0, -1):
        assert token.wait(timeout) is True


def test_wakes_tasks_of_every_loop() -> None:
    """`wait_async` returns in every task of every loop, whichever thread cancels."""
    token = CancelToken()
    begun = threading.Barrier(3)

    async def main() -> None:
        tasks = [
            asyncio.ensure_future(token.wait_async())
            for _ in range(3)
        ]
        await asyncio.sleep(0)
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(None, begun.wait, LONG)
        done, pending = await asyncio.wait(tasks, timeout=LONG)
        assert not pending
        for task in done:
            task.result()

    threads = [
        threading.Thread(target=_run, args=(main,))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    begun.wait(LONG)
    token.cancel()
    for thread in threads:
        thread.join()


def test_async_waits_until_cancelled() -> None:
    """`wait_async` returns after `cancel` and not before; from the loop's own thread as well."""

    async def main() -> None:
        token = CancelToken()
        task = asyncio.ensure_future(token.wait_async())
        for _ in range(5):
            await asyncio.sleep(0)
        assert not task.done()
        token.cancel()
        await asyncio.wait_for(task, LONG)
        await asyncio.wait_for(token.wait_async(), LONG)

    _run(main)


def test_waiting_task_cancelled() -> None:
    """A task cancelled in `wait_async`, once or twice, ends cancelled; the token stays as it is."""

    async def main() -> None:
        token = CancelToken()
        for times in (1, 2):
            task = asyncio.ensure_future(token.wait_async())
            await asyncio.sleep(0)
            for _ in range(times):
                task.cancel()
            await asyncio.wait({task})
            assert task.cancelled()
        unstarted = asyncio.ensure_future(token.wait_async())
        unstarted.cancel()
        await asyncio.wait({unstarted})
        assert unstarted.cancelled()
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(token.wait_async(), 0.01)
        assert not token.cancelled()

    _run(main)


def test_token_and_task_cancelled_in_one_tick() -> None:
    """Token and waiting task cancelled in one tick: the task's own cancellation is not lost."""

    async def main() -> None:
        for token_first in (True, False):
            token = CancelToken()
            task = asyncio.ensure_future(token.wait_async())
            await asyncio.sleep(0)
            if token_first:
                token.cancel()
            task.cancel()
            token.cancel()
            await asyncio.wait({task})
            assert task.cancelled()

    _run(main)


def test_loop_closed_meanwhile() -> None:
    """`cancel` does no harm if a loop was closed while a task of it waited."""
    token = CancelToken()
    loop = asyncio.new_event_loop()
    loop.set_exception_handler(lambda *_: None)
    task = loop.create_task(token.wait_async())
    loop.run_until_complete(asyncio.sleep(0))
    loop.close()
    assert token.cancel() is True
    assert not task.done()
    # End it here, or Python says that a pending task was destroyed.
    coroutine: Any = task.get_coro()
    coroutine.close()
    del task
    gc.collect()


def test_callbacks_in_order() -> None:
    """Callbacks are called once each, in order, in the thread that cancels, when it is cancelled already."""
    token = CancelToken()
    log: List[Any] = []

    def note(name: str) -> None:
        log.append((name, token.cancelled(), threading.get_ident()))

    for name in "abc":
        token.add_callback(functools.partial(note, name))
    assert log == []
    thread = threading.Thread(target=token.cancel)
    thread.start()
    ident = thread.ident
    thread.join()
    token.cancel()
    assert log == [(name, True, ident) for name in "abc"]


def test_late_callback() -> None:
    """A callback added after `cancel` is called at once, in the thread that adds it."""
    token = CancelToken()
    token.cancel()
    log: List[int] = []
    token.add_callback(lambda: log.append(1))()
    assert log == [1]


def test_callback_taken_back() -> None:
    """A callback that was removed is not called, even if another callback removes it."""
    token = CancelToken()
    log: List[str] = []
    token.add_callback(lambda: log.append("first"))
    take_back = token.add_callback(lambda: log.append("second"))
    token.add_callback(lambda: [undo() for undo in undos])
    undos = [token.add_callback(lambda: log.append("third"))]
    take_back()
    take_back()
    token.cancel()
    assert log == ["first"]


def test_same_callback_twice() -> None:
    """One function may be registered twice; each registration is its own."""
    token = CancelToken()
    log: List[int] = []

    def callback() -> None:
        log.append(1)

    token.add_callback(callback)
    token.add_callback(callback)()
    token.add_callback(callback)
    token.cancel()
    assert log == [1, 1]


def test_callbacks_raise(caplog: pytest.LogCaptureFixture) -> None:
    """All callbacks are called even if thousands raise an `Exception`; their exceptions are logged, and `cancel` raises none of them."""
    token = CancelToken()
    log: List[int] = []

    def fail(error: BaseException) -> None:
        raise error

    for number in range(2000):
        token.add_callback(
            functools.partial(fail, KeyError(number))
        )
        token.add_callback(functools.partial(log.append, number))
    assert token.cancel() is True
    assert log == list(range(2000))
    errors = [
        one.exc_info[1] for one in caplog.records if one.exc_info
    ]
    assert [repr(error) for error in errors] == [
        repr(KeyError(number)) for number in range(2000)
    ]
    assert token.cancel() is False
    token.add_callback(functools.partial(fail, KeyError("late")))
    assert "late" in caplog.text


def test_callback_interrupted() -> None:
    """KeyboardInterrupt in a callback leaves `cancel` at once; a second call calls the rest."""
    with CancelToken() as token:
        log: List[str] = []
        child = CancelToken(token)

        def interrupt() -> None:
            raise KeyboardInterrupt

        child.add_callback(interrupt)
        child.add_callback(lambda: log.append("child"))
        token.add_callback(lambda: log.append("parent"))
        with pytest.raises(KeyboardInterrupt):
            token.cancel("first")
        assert log == []
        assert child.cancelled()
        assert token.cancel("second") is True
        assert log == ["child", "parent"]
        assert token.reason == child.reason == "first"
        assert token.cancel() is False


def test_interrupted_at_every_line() -> None:
    """After a KeyboardInterrupt at any line of `cancel`, a second call completes it, and calls no callback twice."""
    line = 0
    while True:
        token, log = CancelToken(), []
        child = CancelToken(token)
        child.add_callback(lambda: log.append("child"))  # noqa: B023
        token.add_callback(lambda: log.append("parent"))  # noqa: B023
        left = line

        def trace(frame: Any, event: str, _: object) -> Any:
            nonlocal left
            if frame.f_code is CancelToken.cancel.__code__:
                left -= event == "line"
                if left < 0:
                    sys.settrace(None)
                    raise KeyboardInterrupt
            return trace

        before = sys.gettrace()
        sys.settrace(trace)
        try:
            token.cancel()
        except KeyboardInterrupt:
            pass
        else:
            assert line > 10
            break
        finally:
            sys.settrace(before)
        token.cancel()
        assert child.cancelled()
        assert child.wait(LONG)
        assert log == ["child", "parent"]
        line += 1


def test_cancel_in_callback() -> None:
    """A callback may use the token: `cancel` returns False there, and a callback added there is called."""
    token = CancelToken()
    log: List[object] = []
    token.add_callback(lambda: log.append(token.cancel("again")))
    token.add_callback(
        lambda: token.add_callback(lambda: log.append("nested"))
    )
    token.cancel("once")
    assert log == [False, "nested"]
    assert token.reason == "once"


def test_one_of_many_threads_wins() -> None:
    """Of many threads that cancel at once, one gets True; a callback added at the same time is called once."""
    switch = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for _ in range(50):
            token = CancelToken()
            start = threading.Barrier(6)
            calls: List[int] = []
            wins: List[bool] = []

            def cancel() -> None:
                start.wait(LONG)  # noqa: B023
                wins.append(token.cancel())  # noqa: B023

            def add() -> None:
                start.wait(LONG)  # noqa: B023
                for _ in range(5):
                    token.add_callback(lambda: calls.append(1))  # noqa: B023

            threads = [
                threading.Thread(target=one)
                for one in [cancel, add] * 3
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert sorted(wins) == [False, False, True]
            assert calls == [1] * 15
    finally:
        sys.setswitchinterval(switch)


def test_parent_cancels_child() -> None:
    """A parent cancels its children and theirs, with its reason."""
    parent = CancelToken()
    child = CancelToken(parent)
    grandchild = CancelToken(child)
    parent.cancel("all of you")
    assert child.cancelled()
    assert grandchild.reason == "all of you"


def test_many_generations() -> None:
    """A chain of thousands of children is cancelled whole, the youngest's callbacks first."""
    tokens = [CancelToken()]
    log: List[int] = []
    for number in range(3000):
        tokens[-1].add_callback(
            functools.partial(log.append, number)
        )
        tokens.append(CancelToken(tokens[-1]))
    tokens[0].cancel("all of you")
    assert {one.reason for one in tokens} == {"all of you"}
    assert log == list(reversed(range(3000)))


def test_child_does_not_cancel_parent() -> None:
    """A child cancels neither its parent nor its siblings, and keeps its own reason."""
    parent = CancelToken()
    child, sibling = CancelToken(parent), CancelToken(parent)
    child.cancel("only me")
    assert not parent.cancelled()
    assert not sibling.cancelled()
    parent.cancel("all of you")
    assert child.reason == "only me"
    assert sibling.reason == "all of you"


def test_parent_and_child_cancelled_at_once() -> None:
    """If parent and child are cancelled at once by two threads, the call on the child returns True exactly if its reason is the child's."""
    line = 0
    while True:
        parent = CancelToken()
        child = CancelToken(parent)
        left = line

        def trace(frame: Any, event: str, _: object) -> Any:
            nonlocal left
            if frame.f_code is CancelToken.cancel.__code__:
                left -= event == "line"
                if left < 0:
                    sys.settrace(None)
                    # What another thread does between two lines.
                    parent.cancel("parent")  # noqa: B023
            return trace

        before = sys.gettrace()
        sys.settrace(trace)
        try:
            first = child.cancel("child")
        finally:
            sys.settrace(before)
        assert first is (child.reason == "child")
        if left >= 0:
            break
        line += 1
    assert line > 5


def test_second_call_at_once() -> None:
    """When `cancel` returns, the token is cancelled and has its reason, also if another thread is still in its first lines."""
    line = 0
    while True:
        token = CancelToken()
        child = CancelToken(token)
        left = line
        seen: List[object] = []

        def trace(frame: Any, event: str, _: object) -> Any:
            nonlocal left
            if frame.f_code is CancelToken.cancel.__code__:
                left -= event == "line"
                if left < 0:
                    sys.settrace(None)
                    # What another thread does between two lines.
                    for one in child, token:  # noqa: B023
                        first = one.cancel("second")
                        seen.append(one.cancelled())  # noqa: B023
                        won = one.reason == "second"
                        seen.append(won is first)  # noqa: B023
            return trace

        before = sys.gettrace()
        sys.settrace(trace)
        try:
            token.cancel("first")
        finally:
            sys.settrace(before)
        assert all(seen), line
        if left >= 0:
            break
        line += 1
    assert line > 5


def test_other_exception_in_callback() -> None:
    """A callback that raises anything but an `Exception`, such as `Cancelled`, leaves `cancel`; a second call calls the rest."""
    token, other = CancelToken(), CancelToken()
    other.cancel("other")
    log: List[str] = []
    token.add_callback(other.raise_if_cancelled)
    token.add_callback(lambda: log.append("rest"))
    with pytest.raises(Cancelled, match="other"):
        token.cancel("first")
    assert token.cancelled()
    assert log == []
    token.cancel("second")
    assert log == ["rest"]
    assert token.reason == "first"


def test_order_of_callbacks() -> None:
    """The callbacks of a token are called in the order in which they were added, after those of all its children."""
    token = CancelToken()
    log: List[str] = []
    for number in range(2):
        token.add_callback(
            functools.partial(log.append, f"token {number}")
        )
    for _ in range(2):
        child = CancelToken(token)
        for number in range(2):
            child.add_callback(
                functools.partial(log.append, f"child {number}")
            )
    token.cancel()
    assert log == ["child 0", "child 1"] * 2 + [
        "token 0",
        "token 1",
    ]


def test_empty_parent() -> None:
    """A parent may be false, as a subclass with a length can be."""

    class Empty(CancelToken):
        def __len__(self) -> int:
            return 0

    parent = Empty()
    child = CancelToken(parent)
    parent.cancel("all of you")
    assert child.reason == "all of you"


def test_child_of_cancelled_parent() -> None:
    """A child of a cancelled parent is cancelled from the start."""
    parent = CancelToken()
    parent.cancel("before")
    assert CancelToken(parent).cancelled()
    assert CancelToken(parent).reason == "before"


def test_with_block() -> None:
    """Leaving a `with` block cancels the token, also if the block raises; the exception propagates."""
    parent = CancelToken()
    with CancelToken(parent) as token:
        assert not token.cancelled()
    assert token.reason == "the block was left"
    token = CancelToken()
    with pytest.raises(ValueError, match="block"), token:
        raise ValueError("block")
    assert token.cancelled()
    assert not parent.cancelled()


def test_parent_forgets_child() -> None:
    """A parent drops a child that was cancelled, and a token drops a callback that it has called."""
    parent = CancelToken()
    callback = threading.Event()
    with CancelToken(parent) as child:
        child.add_callback(callback.set)
        kept = weakref.ref(child)
    gone = weakref.ref(callback)
    assert callback.is_set()
    del child, callback
    gc.collect()
    assert kept() is None
    assert gone() is None


def test_leaves_nothing_a_hundred_times() -> None:
    """A hundred waits and children leave no task, thread, descriptor or object."""
    token = CancelToken()

    async def main() -> None:
        for _ in range(100):
            with CancelToken(token) as child:
                task = asyncio.ensure_future(child.wait_async())
                await asyncio.sleep(0)
            await task
            task = asyncio.ensure_future(token.wait_async())
            await asyncio.sleep(0)
            task.cancel()
            await asyncio.wait({task})

    _run(main)
    threads = threading.active_count()
    files = len(os.listdir("/dev/fd"))
    _run(main)
    assert threading.active_count() == threads
    assert len(os.listdir("/dev/fd")) == files
    gc.collect()
    tokens = [o for o in gc.get_objects() if type(o) is CancelToken]
    assert tokens == [token]
