# SPDX-License-Identifier: 0BSD
"""What `consume` promises, one test each."""

import asyncio
import contextlib
import contextvars
import gc
import os
import sys
import threading
import weakref
from typing import Any, Awaitable, Callable, Dict, List

import pytest

from consume import consume

shutdown = pytest.mark.skipif(
    sys.version_info < (3, 13),
    reason="Queue.shutdown is new in 3.13",
)


async def _ticks(count: int = 5) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


class _Bench:
    """A queue of numbers, and a handler that keeps a record."""

    def __init__(self, items: int = 0) -> None:
        self.queue: "asyncio.Queue[int]" = asyncio.Queue()
        self.closing = asyncio.Event()
        self.go = asyncio.Event()
        self.clean = asyncio.Event()
        self.clean.set()
        self.log: List[str] = []
        self.running = 0
        self.most = 0
        for item in range(items):
            self.queue.put_nowait(item)

    async def handle(self, item: int) -> None:
        self.log.append(f"begin {item}")
        self.running += 1
        self.most = max(self.most, self.running)
        try:
            await self.go.wait()
            self.log.append(f"done {item}")
        except asyncio.CancelledError:
            self.log.append(f"cancelled {item}")
            await self.clean.wait()
            await asyncio.sleep(0)
            self.log.append(f"clean {item}")
            raise
        finally:
            self.running -= 1

    def start(self, workers: int = 1) -> "asyncio.Task[None]":
        return asyncio.ensure_future(
            consume(
                self.queue,
                self.handle,
                workers=workers,
                closing=self.closing,
            )
        )

    async def joined(self) -> bool:
        """Whether `queue.join()` returns without further help."""
        join = asyncio.ensure_future(self.queue.join())
        await _ticks()
        answer = join.done()
        join.cancel()
        await asyncio.wait({join})
        return answer


def _run(
    main: Callable[[], Awaitable[None]], *expected: type
) -> None:
    """Run `main`; fail if it leaves a task, or on other reports."""
    reports: List[Dict[str, Any]] = []

    async def watched() -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, c: reports.append(c))
        await main()
        gc.collect()
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(watched())
    assert [type(one["exception"]) for one in reports] == [
        *expected
    ]


def test_drains() -> None:
    """Once `closing` is set, every queued item is handled, in order, and then the call returns."""

    async def main() -> None:
        bench = _Bench(3)
        bench.closing.set()
        call = bench.start()
        await _ticks()
        assert bench.log == ["begin 0"]
        bench.go.set()
        await call
        assert bench.log == [
            f"{what} {item}"
            for item in range(3)
            for what in ("begin", "done")
        ]
        assert await bench.joined()

    _run(main)


def test_waits_for_items() -> None:
    """Until `closing` is set, the call waits for more items when the queue is empty."""

    async def main() -> None:
        bench = _Bench()
        bench.go.set()
        call = bench.start(2)
        for item in (1, 2, 3):
            await _ticks()
            assert not call.done()
            bench.queue.put_nowait(item)
        await _ticks()
        assert bench.log[-1] == "done 3"
        bench.closing.set()
        await call

    _run(main)


def test_closed_and_empty() -> None:
    """If the queue is closed and empty, the call returns without calling the handler."""

    async def main() -> None:
        bench = _Bench()
        bench.closing.set()
        await bench.start(3)
        assert bench.log == []

    _run(main)


def test_workers() -> None:
    """As many items are handled at the same time as there are workers, one by default."""

    async def main() -> None:
        for workers in (1, 3):
            bench = _Bench(7)
            bench.closing.set()
            call = bench.start(workers)
            await _ticks()
            assert bench.running == workers
            bench.go.set()
            await call
            assert bench.most == workers
            assert len(bench.log) == 14
        bench = _Bench(3)
        call = asyncio.ensure_future(
            consume(bench.queue, bench.handle)
        )
        await _ticks()
        assert bench.running == 1
        call.cancel()
        await asyncio.wait({call})

    _run(main)


@pytest.mark.parametrize("workers", [0, -1])
def test_no_workers(workers: int) -> None:
    """Fewer than one worker is a ValueError; no item is taken."""

    async def main() -> None:
        bench = _Bench(1)
        with pytest.raises(ValueError, match="at least 1"):
            await bench.start(workers)
        assert bench.queue.qsize() == 1

    _run(main)


def test_handlers_may_put() -> None:
    """Items that handlers put are handled too, also after `closing` was set."""

    async def main() -> None:
        queue: "asyncio.Queue[int]" = asyncio.Queue()
        queue.put_nowait(3)
        closing = asyncio.Event()
        closing.set()
        seen: List[int] = []

        async def handle(item: int) -> None:
            seen.append(item)
            await asyncio.sleep(0)
            if item:
                queue.put_nowait(item - 1)

        await consume(queue, handle, workers=2, closing=closing)
        assert seen == [3, 2, 1, 0]

    _run(main)


@pytest.mark.parametrize("at_once", [False, True])
def test_handler_fails(at_once: bool) -> None:
    """The exception of a handler is raised, after the others were cancelled and have cleaned up."""

    async def main() -> None:
        bench = _Bench(4)

        async def handle(item: int) -> None:
            if item == 1:
                if not at_once:
                    await asyncio.sleep(0)
                raise ValueError(f"item {item}")
            await bench.handle(item)

        with pytest.raises(ValueError, match="item 1"):
            await consume(bench.queue, handle, workers=2)
        assert bench.log == ["begin 0", "cancelled 0", "clean 0"]
        assert bench.queue.qsize() == 2
        assert not await bench.joined()

    _run(main)


def test_last_handler_fails() -> None:
    """A failure of the last item is raised, though the queue is drained by it."""

    async def main() -> None:
        bench = _Bench(1)
        bench.closing.set()

        async def handle(item: int) -> None:
            await asyncio.sleep(0)
            raise ValueError(f"item {item}")

        with pytest.raises(ValueError, match="item 0"):
            await consume(
                bench.queue,
                handle,
                workers=3,
                closing=bench.closing,
            )
        assert await bench.joined()

    _run(main)


def test_handler_is_cancelled() -> None:
    """A handler that ends as cancelled ends the call with CancelledError."""

    async def main() -> None:
        bench = _Bench(2)

        async def handle(_: int) -> None:
            raise asyncio.CancelledError

        with pytest.raises(asyncio.CancelledError):
            await consume(bench.queue, handle)
        assert bench.queue.qsize() == 1

    _run(main)


def test_two_failures() -> None:
    """Of two handlers that fail, one is raised and asyncio reports the other."""

    async def main() -> None:
        bench = _Bench(2)

        async def handle(item: int) -> None:
            try:
                await bench.handle(item)
            finally:
                raise ValueError(f"item {item}")

        call = asyncio.ensure_future(
            consume(bench.queue, handle, workers=2)
        )
        await _ticks()
        bench.go.set()
        await asyncio.wait({call})
        assert isinstance(call.exception(), ValueError)
        del call

    _run(main, ValueError)


def test_taken_items_are_done() -> None:
    """An item that was taken counts as done, even if its handler failed or was cancelled: `join()` returns."""

    async def main() -> None:
        bench = _Bench(2)

        async def handle(item: int) -> None:
            if item == 1:
                raise ValueError("item 1")
            await bench.handle(item)

        with pytest.raises(ValueError, match="item 1"):
            await consume(bench.queue, handle, workers=2)
        assert await bench.joined()

    _run(main)


def test_done_after_the_handler() -> None:
    """An item counts as done when its handler has ended: a handler that awaits `join()` would wait for itself."""

    async def main() -> None:
        bench = _Bench(1)
        bench.closing.set()
        seen: List[bool] = []

        async def handle(_: int) -> None:
            seen.append(await bench.joined())

        await consume(bench.queue, handle, closing=bench.closing)
        assert seen == [False]
        assert await bench.joined()

    _run(main)


def test_cancelled() -> None:
    """A cancelled caller ends as cancelled when the handlers have cleaned up; queued items stay in the queue."""

    async def main() -> None:
        bench = _Bench(5)
        bench.clean.clear()
        call = bench.start(2)
        await _ticks()
        call.cancel()
        await _ticks()
        assert not call.done()
        bench.clean.set()
        await asyncio.wait({call})
        assert call.cancelled()
        assert sorted(bench.log[2:]) == [
            f"{what} {item}"
            for what in ("cancelled", "clean")
            for item in (0, 1)
        ]
        assert bench.queue.qsize() == 3

    _run(main)


def test_cancelled_twice() -> None:
    """A second cancellation of the caller interrupts no cleanup, and the call still waits for it."""

    async def main() -> None:
        bench = _Bench(5)
        bench.clean.clear()
        call = bench.start(2)
        await _ticks()
        call.cancel()
        await _ticks()
        call.cancel()
        await _ticks()
        assert not call.done()
        bench.clean.set()
        await asyncio.wait({call})
        assert call.cancelled()
        assert sorted(bench.log[2:]) == [
            f"{what} {item}"
            for what in ("cancelled", "clean")
            for item in (0, 1)
        ]
        assert bench.running == 0

    _run(main)


def test_cancelled_in_each_turn() -> None:
    """A caller cancelled in every turn of the loop, as by AnyIO, ends when the handlers have cleaned up."""

    async def main() -> None:
        bench = _Bench(3)
        call = bench.start(2)
        await _ticks()
        for _ in range(20):
            call.cancel()
            await asyncio.sleep(0)
        assert call.done()
        assert call.cancelled()
        assert sorted(bench.log[2:]) == [
            f"{what} {item}"
            for what in ("cancelled", "clean")
            for item in (0, 1)
        ]

    _run(main)


def test_a_handler_that_suppresses() -> None:
    """A handler that suppresses its cancellation is waited for; no other item is taken."""

    async def main() -> None:
        bench = _Bench(2)
        cancelled: List[int] = []

        async def handle(item: int) -> None:
            while not bench.go.is_set():
                try:
                    await bench.go.wait()
                except asyncio.CancelledError:
                    cancelled.append(item)

        call = asyncio.ensure_future(consume(bench.queue, handle))
        await _ticks()
        for _ in range(3):
            call.cancel()
            await _ticks()
            assert not call.done()
        bench.go.set()
        await asyncio.wait({call})
        assert call.cancelled()
        assert cancelled == [0]
        assert bench.queue.qsize() == 1

    _run(main)


def test_cancelled_before_it_starts() -> None:
    """A call that is cancelled before its first step takes no item."""

    async def main() -> None:
        bench = _Bench(1)
        call = bench.start()
        call.cancel()
        await asyncio.wait({call})
        assert call.cancelled()
        assert bench.queue.qsize() == 1

    _run(main)


def test_cancelled_while_idle() -> None:
    """No item is lost if it is put in the turn in which the caller is cancelled."""

    async def main() -> None:
        bench = _Bench()
        call = bench.start(3)
        await _ticks()
        bench.queue.put_nowait(1)
        call.cancel()
        await asyncio.wait({call})
        assert call.cancelled()
        assert bench.queue.qsize() + len(bench.log) // 3 == 1

    _run(main)


def test_failure_and_cancellation_at_once() -> None:
    """If a handler fails and the caller is cancelled in one turn of the loop, the caller ends as cancelled."""

    async def main() -> None:
        bench = _Bench(1)

        async def handle(_: int) -> None:
            await bench.go.wait()
            raise ValueError

        call = asyncio.ensure_future(consume(bench.queue, handle))
        await _ticks()
        bench.go.set()
        call.cancel()
        await asyncio.wait({call})
        assert call.cancelled()

    _run(main, ValueError)


def test_cancelled_after_a_failure() -> None:
    """A caller cancelled while handlers clean up after a failure ends as cancelled; the failure is the context."""

    async def main() -> None:
        bench = _Bench(2)
        bench.clean.clear()
        caught: List[BaseException] = []

        async def handle(item: int) -> None:
            if item == 1:
                raise ValueError("item 1")
            await bench.handle(item)

        async def caller() -> None:
            try:
                await consume(bench.queue, handle, workers=2)
            except asyncio.CancelledError as error:
                caught.append(error)
                raise

        call = asyncio.ensure_future(caller())
        await _ticks()
        assert bench.log == ["begin 0", "cancelled 0"]
        call.cancel()
        await _ticks()
        bench.clean.set()
        await asyncio.wait({call})
        assert call.cancelled()
        chain = caught[0].__context__
        while not isinstance(chain, ValueError):
            assert chain is not None
            chain = chain.__context__

    _run(main)


def test_closed_and_cancelled_at_once() -> None:
    """If the last item is done and the caller is cancelled in one turn, the caller ends as cancelled."""

    async def main() -> None:
        bench = _Bench(1)
        bench.closing.set()
        call = bench.start()
        await _ticks()
        bench.go.set()
        call.cancel()
        await asyncio.wait({call})
        assert call.cancelled()

    _run(main)


@pytest.mark.parametrize("limit", [0.01, 0, -1])
def test_timeout(limit: float) -> None:
    """A timeout around the call stops all handlers, also with a limit of zero or less."""

    async def main() -> None:
        bench = _Bench(2)
        call = bench.start(2)
        await _ticks()
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(call, limit)
        await asyncio.wait({call})
        assert call.cancelled()
        assert bench.running == 0
        assert await bench.joined()

    _run(main)


def test_context_variables() -> None:
    """A context variable that a handler sets is not seen by the handler of the next item."""
    user = contextvars.ContextVar("user", default="nobody")

    async def main() -> None:
        bench = _Bench(3)
        bench.closing.set()
        seen: List[str] = []

        async def handle(item: int) -> None:
            seen.append(user.get())
            user.set(f"user {item}")

        await consume(bench.queue, handle, closing=bench.closing)
        assert seen == ["nobody"] * 3

    _run(main)


def test_failure_is_freed() -> None:
    """No reference cycle keeps a failure, or what its frames hold, once it was handled."""
    rows: "List[weakref.ref[_Bench]]" = []

    async def main() -> None:
        bench = _Bench(1)

        async def handle(_: int) -> None:
            row = _Bench()
            rows.append(weakref.ref(row))
            raise ValueError

        with contextlib.suppress(ValueError):
            await consume(bench.queue, handle, workers=2)
        await _ticks()
        assert [row() for row in rows] == [None]

    gc.disable()
    try:
        _run(main)
    finally:
        gc.enable()


def test_two_calls_on_one_queue() -> None:
    """Two calls may share a queue; each item is handled once."""

    async def main() -> None:
        bench = _Bench(9)
        bench.closing.set()
        bench.go.set()
        await asyncio.gather(bench.start(2), bench.start(2))
        assert sorted(bench.log)[:9] == [
            f"begin {n}" for n in range(9)
        ]
        assert len(bench.log) == 18

    _run(main)


@shutdown
def test_shutdown_drains() -> None:
    """After `queue.shutdown()`, what is queued is handled and then the call returns."""

    async def main() -> None:
        bench = _Bench(3)
        call = bench.start(2)
        await _ticks()
        queue: Any = bench.queue
        queue.shutdown()
        bench.go.set()
        await call
        assert sorted(bench.log)[3:] == [
            "done 0",
            "done 1",
            "done 2",
        ]

    _run(main)


@shutdown
def test_put_after_shutdown() -> None:
    """After `queue.shutdown()`, a handler that puts fails with `QueueShutDown`."""

    async def main() -> None:
        queue: Any = asyncio.Queue()
        queue.put_nowait(1)
        queue.shutdown()

        async def handle(item: int) -> None:
            queue.put_nowait(item + 1)

        library: Any = asyncio
        with pytest.raises(library.QueueShutDown):
            await consume(queue, handle)

    _run(main)


@shutdown
def test_shutdown_immediate_drops() -> None:
    """After `queue.shutdown(immediate=True)`, items that were taken are finished, the rest is dropped."""

    async def main() -> None:
        bench = _Bench(3)
        call = bench.start(2)
        await _ticks()
        queue: Any = bench.queue
        queue.shutdown(immediate=True)
        await _ticks()
        assert not call.done()
        bench.go.set()
        await call
        assert sorted(bench.log)[2:] == ["done 0", "done 1"]

    _run(main)


def test_leaves_nothing_a_hundred_times() -> None:
    """A hundred calls, half of them cancelled, leave no task, thread or file descriptor."""

    async def main() -> None:
        for turn in range(100):
            bench = _Bench(5)
            bench.closing.set()
            call = bench.start(3)
            await _ticks(2)
            if turn % 2:
                bench.go.set()
                await call
            else:
                call.cancel()
                await asyncio.wait({call})
            assert bench.running == 0

    _run(main)
    threads = threading.active_count()
    files = len(os.listdir("/dev/fd"))
    _run(main)
    assert threading.active_count() == threads
    assert len(os.listdir("/dev/fd")) == files
