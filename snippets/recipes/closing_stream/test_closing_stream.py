# SPDX-License-Identifier: 0BSD
"""What `closing_stream` promises, one test each."""

import asyncio
import contextvars
import dataclasses
import gc
import os
import threading
from typing import (
    Any,
    AsyncGenerator,
    AsyncIterator,
    Awaitable,
    Callable,
    Dict,
    List,
    Optional,
)

import pytest

from closing_stream import closing_stream


async def _forever() -> None:
    await asyncio.Event().wait()


class _Source:
    """Makes a stream, and keeps a record of what it did."""

    def __init__(self) -> None:
        self.log: List[str] = []
        self.go = asyncio.Event()
        self.go.set()

    async def numbers(self, stop: int = 3) -> AsyncIterator[int]:
        try:
            for number in range(stop):
                self.log.append(f"give {number}")
                yield number
                await asyncio.sleep(0)
            if stop == 0:
                await _forever()
        except GeneratorExit:
            self.log.append("closing")
            raise
        except asyncio.CancelledError:
            self.log.append("cancelled")
            raise
        finally:
            await self.go.wait()
            await asyncio.sleep(0)
            self.log.append("closed")


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


async def _ticks(count: int = 5) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


def test_break() -> None:
    """After `break`, the cleanup has run, awaits included, when the next statement runs."""

    async def main() -> None:
        source = _Source()
        async with closing_stream(source.numbers()) as numbers:
            async for number in numbers:
                if number == 1:
                    break
        assert source.log == [
            "give 0",
            "give 1",
            "closing",
            "closed",
        ]

    _run(main)


def test_return() -> None:
    """After `return` in the block, the cleanup has run when the caller goes on."""

    async def main() -> None:
        source = _Source()

        async def first() -> int:
            async with closing_stream(source.numbers()) as numbers:
                async for number in numbers:
                    return number
            return -1

        assert await first() == 0
        assert source.log == ["give 0", "closing", "closed"]

    _run(main)


def test_exception_in_the_block() -> None:
    """An exception in the block is raised after the cleanup, unchanged."""

    async def main() -> None:
        source = _Source()
        mine = ValueError("mine")
        with pytest.raises(ValueError, match="mine") as caught:
            async with closing_stream(source.numbers()) as numbers:
                async for _ in numbers:
                    raise mine
        assert caught.value is mine
        assert source.log == ["give 0", "closing", "closed"]

    _run(main)


def test_read_to_the_end() -> None:
    """A stream that is read to its end gives every item; closing it then runs nothing."""

    async def main() -> None:
        source = _Source()
        async with closing_stream(source.numbers()) as numbers:
            assert [number async for number in numbers] == [0, 1, 2]
            log = list(source.log)
        assert log[-1] == "closed"
        assert source.log == log

    _run(main)


def test_never_read() -> None:
    """A generator that is never read runs none of its code, and gives nothing afterwards."""

    async def main() -> None:
        source = _Source()
        stream = source.numbers()
        async with closing_stream(stream):
            pass
        assert source.log == []
        assert [number async for number in stream] == []

    _run(main)


def test_gives_the_stream() -> None:
    """The block gets the stream itself, not a copy."""

    async def main() -> None:
        stream = _Source().numbers()
        async with closing_stream(stream) as numbers:
            assert numbers is stream

    _run(main)


def test_same_task() -> None:
    """The cleanup runs in the task of the block and sees its context variables."""
    who: List[object] = []
    name: "contextvars.ContextVar[str]" = contextvars.ContextVar(
        "name"
    )

    async def stream() -> AsyncIterator[int]:
        try:
            yield 1
        finally:
            who.extend([asyncio.current_task(), name.get()])

    async def main() -> None:
        async with closing_stream(stream()) as numbers:
            async for _ in numbers:
                name.set("block")
                break
        assert who == [asyncio.current_task(), "block"]

    _run(main)


def test_cancelled_in_the_block() -> None:
    """A caller cancelled in the block waits for the cleanup, and then ends as cancelled."""

    async def main() -> None:
        source = _Source()
        source.go.clear()

        async def read() -> None:
            async with closing_stream(source.numbers()) as numbers:
                async for _ in numbers:
                    await _forever()

        task = asyncio.ensure_future(read())
        await _ticks()
        task.cancel()
        await _ticks()
        assert source.log == ["give 0", "closing"]
        assert not task.done()
        source.go.set()
        await asyncio.wait({task})
        assert task.cancelled()
        assert source.log == ["give 0", "closing", "closed"]

    _run(main)


def test_cancelled_while_reading() -> None:
    """A caller cancelled while it waits for an item ends cancelled, and the stream has cleaned up."""

    async def main() -> None:
        source = _Source()

        async def read() -> None:
            async with closing_stream(source.numbers(0)) as numbers:
                async for _ in numbers:
                    pass

        task = asyncio.ensure_future(read())
        await _ticks()
        task.cancel()
        await asyncio.wait({task})
        assert task.cancelled()
        assert source.log == ["cancelled", "closed"]

    _run(main)


def test_cancelled_twice() -> None:
    """A second cancellation interrupts the cleanup; the caller ends as cancelled."""

    async def main() -> None:
        source = _Source()
        source.go.clear()

        async def read() -> None:
            async with closing_stream(source.numbers()) as numbers:
                async for _ in numbers:
                    await _forever()

        task = asyncio.ensure_future(read())
        await _ticks()
        task.cancel()
        await _ticks()
        task.cancel()
        await asyncio.wait({task})
        assert task.cancelled()
        assert source.log == ["give 0", "closing"]

    _run(main)


def test_cancelled_during_cleanup() -> None:
    """A first cancellation during the cleanup interrupts the cleanup, and is not lost."""

    async def main() -> None:
        source = _Source()
        source.go.clear()

        async def read() -> None:
            async with closing_stream(source.numbers()) as numbers:
                async for _ in numbers:
                    break

        task = asyncio.ensure_future(read())
        await _ticks()
        assert source.log == ["give 0", "closing"]
        task.cancel()
        await asyncio.wait({task})
        assert task.cancelled()
        assert source.log == ["give 0", "closing"]

    _run(main)


def test_cancelled_before_cleanup() -> None:
    """A cancellation that is not delivered yet when the block ends interrupts the cleanup."""

    async def main() -> None:
        source = _Source()

        async def read() -> None:
            async with closing_stream(source.numbers()) as numbers:
                async for _ in numbers:
                    task.cancel()
                    break

        task = asyncio.ensure_future(read())
        await asyncio.wait({task})
        assert task.cancelled()
        assert source.log == ["give 0", "closing"]

    _run(main)


def test_cancelled_before_it_starts() -> None:
    """A caller cancelled before it ran leaves the stream unread."""

    async def main() -> None:
        source = _Source()

        async def read() -> None:
            async with closing_stream(source.numbers()) as numbers:
                async for _ in numbers:
                    pass

        task = asyncio.ensure_future(read())
        task.cancel()
        await asyncio.wait({task})
        assert task.cancelled()
        assert source.log == []

    _run(main)


def test_two_requests_in_one_tick() -> None:
    """Two calls of `cancel()` in one iteration of the loop cancel once: the cleanup runs to its end."""

    async def main() -> None:
        source = _Source()

        async def read() -> None:
            async with closing_stream(source.numbers()) as numbers:
                async for _ in numbers:
                    await _forever()

        task = asyncio.ensure_future(read())
        await _ticks()
        task.cancel()
        task.cancel()
        await asyncio.wait({task})
        assert task.cancelled()
        assert source.log == ["give 0", "closing", "closed"]

    _run(main)


def test_failing_cleanup() -> None:
    """What the cleanup raises is raised; the block's exception or cancellation is its context, not lost."""

    async def stream() -> AsyncIterator[int]:
        try:
            yield 1
        finally:
            await asyncio.sleep(0)
            raise ValueError("cleanup")

    async def main() -> None:
        async def read(what: Awaitable[None]) -> None:
            async with closing_stream(stream()) as numbers:
                async for _ in numbers:
                    await what

        async def fail() -> None:
            raise KeyError("block")

        def chain(error: Optional[BaseException]) -> List[str]:
            names = []
            while error is not None:
                names.append(type(error).__name__)
                error = error.__context__
            return names

        with pytest.raises(ValueError, match="cleanup") as caught:
            await read(fail())
        expected = ["ValueError", "GeneratorExit", "KeyError"]
        assert chain(caught.value) == expected

        with pytest.raises(ValueError, match="cleanup") as caught:
            async with closing_stream(stream()) as numbers:
                async for _ in numbers:
                    break
        assert chain(caught.value) == expected[:2]

        task = asyncio.ensure_future(read(_forever()))
        await _ticks()
        task.cancel()
        await asyncio.wait({task})
        expected[-1] = "CancelledError"
        assert chain(task.exception()) == expected

    _run(main)


@pytest.mark.parametrize("own", ["same", "known", "other"])
def test_context_is_not_doubled(own: str) -> None:
    """If the block's exception is in the chain of the cleanup's exception already, the chain stays as it is."""
    mine, cause = ValueError("mine"), KeyError("cause")

    class Fails:
        def __aiter__(self) -> "Fails":
            return self

        async def __anext__(self) -> int:
            return 1

        async def aclose(self) -> None:
            if own == "same":
                raise mine
            if own == "other":
                raise cause
            cause.__context__ = mine
            raise cause

    async def main() -> None:
        with pytest.raises((KeyError, ValueError)) as caught:
            async with closing_stream(Fails()):
                raise mine
        assert caught.value is (mine if own == "same" else cause)
        assert mine.__context__ is None
        if own != "same":
            assert cause.__context__ is mine

    _run(main)


def _chain(error: Optional[BaseException]) -> List[str]:
    """Return the contexts of an error; fail on a cycle."""
    seen: List[BaseException] = []
    while error is not None:
        assert all(error is not one for one in seen), "a cycle"
        seen.append(error)
        error = error.__context__
    return [type(one).__name__ for one in seen]


async def _reset(failure: BaseException) -> AsyncIterator[int]:
    try:
        yield 1
    finally:
        raise failure  # a connection stores its failure


async def _answer(failure: BaseException) -> None:
    async with closing_stream(_reset(failure)) as stream:
        async for _ in stream:
            try:
                raise failure
            except OSError as error:
                raise KeyError("no answer") from error


def test_contexts_have_no_cycle() -> None:
    """If block and cleanup raise the same stored exception, the chain of contexts has no cycle and loses nothing."""

    async def main() -> None:
        with pytest.raises(OSError, match="reset") as caught:
            await _answer(OSError("reset"))
        expected = ["OSError", "GeneratorExit", "KeyError"]
        assert _chain(caught.value) == expected

    _run(main)


def test_nested_with_the_same_exception() -> None:
    """Such a block in the cleanup of another stream ends, and its exception leads to that of the outer block."""

    async def outer() -> AsyncIterator[int]:
        try:
            yield 1
        finally:
            try:
                await _answer(OSError("reset"))
            except OSError as error:
                raise RuntimeError("outer cleanup") from error

    async def main() -> None:
        with pytest.raises(RuntimeError, match="outer") as caught:
            async with closing_stream(outer()) as stream:
                async for _ in stream:
                    raise IndexError("block")
        names = _chain(caught.value)
        assert names[:2] == ["RuntimeError", "OSError"]
        assert names[-1] == "IndexError"

    _run(main)


def test_contexts_that_are_a_cycle() -> None:
    """If the cleanup's exception comes with a cycle of contexts, the block ends, and the cycle is gone."""
    first, second = OSError("first"), ValueError("second")

    class Fails:
        def __aiter__(self) -> "Fails":
            return self

        async def __anext__(self) -> int:
            return 1

        async def aclose(self) -> None:
            try:
                raise first
            except OSError:
                first.__context__ = second
                second.__context__ = first
                raise

    async def main() -> None:
        with pytest.raises(OSError, match="first"):
            async with closing_stream(Fails()):
                raise KeyError("block")
        expected = ["OSError", "ValueError", "KeyError"]
        assert _chain(first) == expected

    _run(main)


def test_a_cycle_of_the_block() -> None:
    """If the block's exception comes with a cycle of contexts, the block ends, and the cycle is gone."""

    async def main() -> None:
        for failure in (OSError("own"), first):
            error.__context__, first.__context__ = first, error
            with pytest.raises(type(failure)) as caught:
                async with closing_stream(
                    _reset(failure)
                ) as stream:
                    async for _ in stream:
                        raise error
            names = _chain(caught.value)
            assert {"KeyError", "ValueError"} <= {*names}

    error, first = KeyError("block"), ValueError("first")
    _run(main)


@dataclasses.dataclass(frozen=True)
class _FrozenError(Exception):
    text: str


def test_exceptions_that_refuse_attributes() -> None:
    """An exception whose attributes cannot be set, such as a frozen dataclass, is chained like another."""

    async def main() -> None:
        failure = _FrozenError("reset")
        with pytest.raises(_FrozenError, match="reset") as caught:
            async with closing_stream(_reset(failure)) as stream:
                async for _ in stream:
                    try:
                        raise failure
                    except _FrozenError as error:
                        raise _FrozenError("no answer") from error
        expected = ["_FrozenError", "GeneratorExit", "_FrozenError"]
        assert _chain(caught.value) == expected

    _run(main)


def test_send() -> None:
    """The block can send to a generator: the type of the stream is kept."""

    async def echo() -> AsyncGenerator[str, str]:
        text = "ready"
        while True:
            text = yield text

    async def main() -> None:
        async with closing_stream(echo()) as stream:
            assert await stream.asend(None) == "ready"  # type: ignore[arg-type]
            assert await stream.asend("hello") == "hello"

    _run(main)


def test_yields_again() -> None:
    """A generator that yields during its cleanup gets RuntimeError at the end of the block."""

    async def stream() -> AsyncIterator[int]:
        try:
            yield 1
        except GeneratorExit:
            yield 2

    async def main() -> None:
        with pytest.raises(
            RuntimeError, match="ignored GeneratorExit"
        ):
            async with closing_stream(stream()) as numbers:
                async for _ in numbers:
                    break

    _run(main)


def test_another_task_reads() -> None:
    """While another task reads, the end of the block raises RuntimeError; the reader goes on."""

    async def main() -> None:
        source = _Source()

        async def read(stream: AsyncIterator[int]) -> List[int]:
            return [number async for number in stream]

        with pytest.raises(RuntimeError, match="already running"):
            async with closing_stream(source.numbers(0)) as numbers:
                reader = asyncio.ensure_future(read(numbers))
                await _ticks()
        assert not reader.done()
        reader.cancel()
        await asyncio.wait({reader})
        assert source.log == ["cancelled", "closed"]

    _run(main)


def test_without_aclose() -> None:
    """An iterator without `aclose()` is a TypeError, before anything is read."""

    class Plain:
        def __aiter__(self) -> "Plain":
            return self

        async def __anext__(self) -> int:
            raise AssertionError("was read")

    with pytest.raises(TypeError, match=r"Plain has no aclose\(\)"):
        closing_stream(Plain())


def test_any_iterator_with_aclose() -> None:
    """An iterator of your own is closed once, by its `aclose()`."""

    class Mine:
        closed = 0

        def __aiter__(self) -> "Mine":
            return self

        async def __anext__(self) -> int:
            return 1

        async def aclose(self) -> None:
            self.closed += 1

    async def main() -> None:
        mine = Mine()
        async with closing_stream(mine) as numbers:
            async for _ in numbers:
                break
            assert mine.closed == 0
        assert mine.closed == 1

    _run(main)


def test_a_stream_that_reads_another() -> None:
    """If each stream reads another one with `closing_stream`, leaving the outer block closes them all, the outer one first."""

    async def main() -> None:
        source = _Source()

        async def doubled() -> AsyncIterator[int]:
            async with closing_stream(source.numbers()) as numbers:
                try:
                    async for number in numbers:
                        yield 2 * number
                finally:
                    source.log.append("outer")

        async with closing_stream(doubled()) as numbers:
            async for number in numbers:
                if number == 2:
                    break
        assert source.log[2:] == ["outer", "closing", "closed"]

    _run(main)


@pytest.mark.parametrize("limit", [0.01, 0, -1])
def test_timeout_breaks_off_the_cleanup(limit: float) -> None:
    """A timeout that expires during the cleanup interrupts it; so does a timeout of zero or less."""

    async def main() -> None:
        source = _Source()
        source.go.clear()

        async def read() -> None:
            async with closing_stream(source.numbers()) as numbers:
                async for _ in numbers:
                    break

        task = asyncio.ensure_future(read())
        await _ticks()
        assert source.log == ["give 0", "closing"]
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(task, limit)
        await asyncio.wait({task})
        assert task.cancelled()
        assert source.log == ["give 0", "closing"]

    _run(main)


def test_timeout_in_the_block() -> None:
    """A timeout around the block that expires in the block does not limit the cleanup."""

    async def main() -> None:
        source = _Source()
        source.go.clear()
        closing = asyncio.Event()

        async def read() -> None:
            async with closing_stream(source.numbers()) as numbers:
                async for _ in numbers:
                    try:
                        await _forever()
                    finally:
                        closing.set()

        task = asyncio.ensure_future(asyncio.wait_for(read(), 0.01))
        await closing.wait()
        await _ticks()
        assert source.log == ["give 0", "closing"]
        assert not task.done()
        source.go.set()
        with pytest.raises(asyncio.TimeoutError):
            await task
        assert source.log == ["give 0", "closing", "closed"]

    _run(main)


def test_used_twice() -> None:
    """A second block on the same stream finds it closed, and gets no item."""

    async def main() -> None:
        source = _Source()
        manager = closing_stream(source.numbers())
        async with manager as numbers:
            async for _ in numbers:
                break
        async with manager as numbers:
            assert [number async for number in numbers] == []
        assert source.log == ["give 0", "closing", "closed"]

    _run(main)


def test_side_by_side() -> None:
    """Two tasks close two streams of one function without disturbing each other."""

    async def main() -> None:
        sources = [_Source(), _Source()]

        async def read(source: _Source, last: int) -> None:
            async with closing_stream(source.numbers()) as numbers:
                async for number in numbers:
                    if number == last:
                        break

        await asyncio.gather(*map(read, sources, [0, 1]))
        assert sources[0].log == ["give 0", "closing", "closed"]
        assert sources[1].log[1:] == ["give 1", "closing", "closed"]

    _run(main)


def test_leaves_nothing_a_hundred_times() -> None:
    """A hundred streams that are closed early leave no task, thread, descriptor or open stream."""

    async def main() -> None:
        for _ in range(100):
            source = _Source()
            async with closing_stream(source.numbers()) as numbers:
                async for _ in numbers:
                    break
            assert source.log[-1] == "closed"

    _run(main)
    threads = threading.active_count()
    files = len(os.listdir("/dev/fd"))
    _run(main)
    assert threading.active_count() == threads
    assert len(os.listdir("/dev/fd")) == files
