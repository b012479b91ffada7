# SPDX-License-Identifier: 0BSD
"""What `graceful` promises, one test each."""

import asyncio
import inspect
import math
import os
import signal
import sys
import threading
from types import FrameType
from typing import Any, Callable, List, Tuple

import pytest

from graceful import graceful

pytestmark = pytest.mark.skipif(
    not hasattr(os, "fork"), reason="needs POSIX signals"
)
INT, TERM = signal.SIGINT, signal.SIGTERM


@pytest.fixture(autouse=True)
def _no_trace() -> Any:
    """Handlers and threads are as before, whatever a test did."""
    before = [signal.getsignal(n) for n in (INT, TERM)]
    threads = threading.active_count()
    yield
    assert [signal.getsignal(n) for n in (INT, TERM)] == before
    assert threading.active_count() == threads


async def _forever() -> None:
    await asyncio.Event().wait()


async def _worker(log: List[str], number: int = TERM) -> None:
    """Be asked to stop by a signal; clean up with an await."""
    try:
        signal.raise_signal(number)
        await _forever()
    finally:
        log.append("cleaning")
        await asyncio.sleep(0.01)
        log.append("clean")


class _Late(threading.Timer):
    """Begins to count when the child has said something."""

    said = threading.Event()

    def run(self) -> None:
        self.said.wait()
        super().run()


def _child(
    program: Callable[[Callable[[bytes], None]], int],
) -> Tuple[int, bytes]:
    """Run a program in a child: its exit status and what it said."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:

        def say(text: bytes) -> None:
            os.write(writer, text)
            _Late.said.set()

        status = 99
        try:
            signal.alarm(30)
            change: Any = threading
            change.Timer = _Late
            status = program(say)
        finally:
            os._exit(status)
    os.close(writer)
    said = b"".join(iter(lambda: os.read(reader, 99), b""))
    os.close(reader)
    _, ended = os.waitpid(pid, 0)
    assert os.WIFEXITED(ended), ended
    return os.WEXITSTATUS(ended), said


def test_no_signal() -> None:
    """Without a signal, `main` runs to its end and 0 is returned."""
    log: List[str] = []

    async def main() -> None:
        await asyncio.sleep(0)
        log.append("done")

    assert graceful(main()) == 0
    assert log == ["done"]


@pytest.mark.parametrize(
    ("number", "status"), [(INT, 130), (TERM, 143)]
)
def test_first_signal(number: int, status: int) -> None:
    """The first signal cancels `main`; its cleanup runs to the end, awaits included; then 128 + number."""
    log: List[str] = []
    assert graceful(_worker(log, number)) == status
    assert log == ["cleaning", "clean"]


def test_wakes_an_idle_loop() -> None:
    """A signal wakes an idle loop, whichever thread the system gives it to."""
    idle = threading.Event()

    async def main() -> None:
        asyncio.get_running_loop().call_soon(idle.set)
        await _forever()

    def receive() -> None:
        idle.wait()
        signal.raise_signal(TERM)  # to this thread

    receiver = threading.Thread(target=receive)
    receiver.start()
    assert graceful(main()) == 143
    receiver.join()


def test_signals_to_choose() -> None:
    """Only the signals that are named are handled; others do what they did."""
    other: List[int] = []
    before = signal.signal(
        signal.SIGUSR2, lambda n, _: other.append(n)
    )

    async def main() -> None:
        signal.raise_signal(signal.SIGUSR2)
        await asyncio.sleep(0)
        signal.raise_signal(signal.SIGUSR1)
        await _forever()

    try:
        status = graceful(main(), signals=[signal.SIGUSR1])
    finally:
        signal.signal(signal.SIGUSR2, before)
    assert status == 128 + signal.SIGUSR1
    assert other == [signal.SIGUSR2]


def test_swallowed() -> None:
    """A `main` that swallows the request and returns still gives 128 + number."""
    log: List[str] = []

    async def main() -> None:
        try:
            await _worker(log)
        except asyncio.CancelledError:
            await asyncio.sleep(0.01)
            log.append("drained")

    assert graceful(main()) == 143
    assert log == ["cleaning", "clean", "drained"]


def test_error() -> None:
    """An exception of `main` is raised, and `sys.exit` in it keeps its status."""

    async def breaks() -> None:
        raise ValueError("broken")

    async def leaves() -> None:
        raise SystemExit(3)

    with pytest.raises(ValueError, match="broken"):
        graceful(breaks())
    with pytest.raises(SystemExit) as caught:
        graceful(leaves())
    assert caught.value.code == 3


def test_tasks_that_exit() -> None:
    """If two tasks that are cancelled call `sys.exit`, the last SystemExit is raised and your handlers are back, though `main` has not ended."""
    tasks: List[Any] = []

    async def leaves(status: int) -> None:
        try:
            await _forever()
        finally:
            sys.exit(status)

    async def main() -> None:
        for status in (3, 4):
            tasks.append(asyncio.ensure_future(leaves(status)))
        try:
            await asyncio.sleep(0)
        finally:
            for task in tasks:
                task.cancel()
            try:
                await _forever()
            finally:
                await asyncio.sleep(0)

    with pytest.raises(SystemExit) as caught:
        graceful(main())
    assert caught.value.code == 4
    for task in tasks:
        assert isinstance(task.exception(), SystemExit)


def test_error_in_cleanup() -> None:
    """An exception of the cleanup is raised, not hidden by the signal."""

    async def main() -> None:
        try:
            await _worker([])
        finally:
            raise ValueError("cleanup")

    with pytest.raises(ValueError, match="cleanup"):
        graceful(main())


def test_cancelled_without_a_signal() -> None:
    """A `main` that something else cancels raises `CancelledError`, as under `asyncio.run`."""

    async def main() -> None:
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        graceful(main())


def test_signal_and_own_cancel_in_one_tick() -> None:
    """A signal and another request in one tick interrupt `main` once, and 128 + number is returned."""
    log: List[str] = []

    async def main() -> None:
        task = asyncio.current_task()
        assert task is not None
        task.cancel()
        await _worker(log)

    assert graceful(main()) == 143
    assert log == ["cleaning", "clean"]


def test_signal_and_end_in_one_tick() -> None:
    """A `main` that ends in the tick of the signal is done, and 128 + number is returned."""
    log: List[str] = []

    async def main() -> None:
        await asyncio.sleep(0)
        signal.raise_signal(TERM)
        log.append("done")

    assert graceful(main()) == 143
    assert log == ["done"]


def test_tasks_left_behind() -> None:
    """Tasks that `main` leaves are cancelled and waited for, a signal or not."""
    log: List[str] = []

    async def other() -> None:
        try:
            await _forever()
        finally:
            await asyncio.sleep(0)
            log.append("other is clean")

    async def main(ask: bool) -> None:
        task = asyncio.ensure_future(other())
        await asyncio.sleep(0)
        if ask:
            await _worker(log)
        assert not task.done()

    assert graceful(main(True)) == 143
    assert log == ["cleaning", "clean", "other is clean"]
    assert graceful(main(False)) == 0
    assert log[3:] == ["other is clean"]


def test_signal_after_main() -> None:
    """A signal while the tasks that are left clean up is the first: they finish."""
    log: List[str] = []

    async def other() -> None:
        try:
            await _forever()
        finally:
            signal.raise_signal(INT)
            await asyncio.sleep(0.01)
            log.append("clean")

    async def main() -> None:
        task = asyncio.ensure_future(other())
        await asyncio.sleep(0)
        assert not task.done()

    assert graceful(main()) == 130
    assert log == ["clean"]


def test_signal_after_the_loop() -> None:
    """A signal that comes when the loop is closed already still gives 128 + number."""

    async def main() -> None:
        loop = asyncio.get_running_loop()
        remove = loop.remove_signal_handler

        def and_signal(number: int) -> bool:
            assert loop.is_closed()
            signal.set_wakeup_fd(-1)  # asyncio closed it
            signal.raise_signal(TERM)
            return remove(number)

        change: Any = loop
        change.remove_signal_handler = and_signal

    assert graceful(main()) == 143


def _duplicate_at(number: int, line: int) -> bool:
    """Raise a signal again at the n-th line after the loop was closed."""
    lines: List[int] = []
    first = inspect.getsource(graceful).split("\n")
    cancel = next(
        n for n, s in enumerate(first) if "timer.cancel" in s
    )
    cancel += graceful.__code__.co_firstlineno

    def trace(frame: FrameType, *_: object) -> Any:
        if frame.f_code is not graceful.__code__:
            return None

        def each_line(
            frame: FrameType, event: str, _: object
        ) -> Any:
            if event == "line" and frame.f_lineno >= cancel:
                lines.append(frame.f_lineno)
                if len(lines) == line:
                    signal.raise_signal(number)
            return each_line

        return each_line

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        assert graceful(_worker([])) == 143
    finally:
        sys.settrace(before)
    return len(lines) >= line


def test_duplicate_after_the_loop() -> None:
    """A duplicate that comes when the loop is closed changes nothing. Afterwards it meets the handlers that you had."""
    mine: List[int] = []
    before = [
        signal.signal(n, lambda number, _: mine.append(number))
        for n in (INT, TERM)
    ]
    try:
        for number in (INT, TERM):
            line = 1
            while _duplicate_at(number, line):
                # The last lines are those that restore the handlers.
                assert line > 4 or mine == []
                line += 1
            assert line > 8
            assert mine[-1:] == [number]
            mine.clear()
    finally:
        signal.signal(INT, before[0])
        signal.signal(TERM, before[1])


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
@pytest.mark.parametrize("own", [False, True])
def test_signal_to_a_forked_child(own: bool) -> None:
    """A child that `main` forks meets the handlers that were there before: SIGTERM ends it, unless you handle it."""
    status: List[int] = []

    async def main() -> None:
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            signal.alarm(30)
            try:
                os.write(writer, b"ready")
                signal.pause()
                signal.pause()
            finally:
                os._exit(0)
        os.read(reader, 5)
        os.kill(child, TERM)
        status.append(os.waitpid(child, 0)[1])  # noqa: ASYNC222
        os.close(reader)
        os.close(writer)

    def handler(*_: object) -> None:
        os._exit(7)

    before = signal.signal(TERM, handler if own else signal.SIG_DFL)
    try:
        assert graceful(main()) == 0
    finally:
        signal.signal(TERM, before)
    assert status == [7 << 8 if own else TERM]


def test_not_a_coroutine() -> None:
    """What is not a coroutine gives TypeError, for example a coroutine function, and changes no handler."""
    wrong: List[Any] = [_forever, None, 42]
    handlers = [signal.getsignal(n) for n in (INT, TERM)]
    for main in wrong:
        with pytest.raises(TypeError, match="coroutines"):
            graceful(main)
    assert [signal.getsignal(n) for n in (INT, TERM)] == handlers


@pytest.mark.filterwarnings("error")
def test_grace_is_not_a_number() -> None:
    """A `grace` that is not a number gives TypeError, and `main` is closed."""
    wrong: Any = "5"
    main = _forever()
    with pytest.raises(TypeError):
        graceful(main, grace=wrong)
    assert inspect.getcoroutinestate(main) == inspect.CORO_CLOSED


def test_the_signal_that_wakes() -> None:
    """A handler of your own for SIGURG, which the recipe uses to wake the loop, is back afterwards."""
    mine = lambda *_: None  # noqa: E731
    before = signal.signal(signal.SIGURG, mine)
    try:
        assert graceful(_worker([])) == 143
        assert signal.getsignal(signal.SIGURG) is mine
    finally:
        signal.signal(signal.SIGURG, before)


def _two_seconds_pass() -> None:
    """Let the recipe's clock go on, not the loop's."""
    module: Any = sys.modules["graceful"]
    now = module.monotonic
    module.monotonic = lambda: now() + 2


def test_second_signal() -> None:
    """A signal more than a second after the first ends the process, with 128 + its own number and without further cleanup."""

    def program(say: Callable[[bytes], None]) -> int:
        async def main() -> None:
            try:
                signal.raise_signal(TERM)
                await _forever()
            finally:
                say(b"cleaning")
                await asyncio.sleep(0)
                _two_seconds_pass()
                signal.raise_signal(INT)
                say(b", clean")

        try:
            return graceful(main(), grace=math.inf)
        finally:
            say(b", left")

    assert _child(program) == (130, b"cleaning")


@pytest.mark.parametrize("number", [INT, TERM])
def test_one_ctrl_c_that_arrives_twice(number: int) -> None:
    """More signals within a second of the first change nothing: a parent may pass on what the whole group got."""
    log: List[str] = []

    async def main() -> None:
        try:
            signal.raise_signal(INT)
            signal.raise_signal(number)
            await _forever()
        finally:
            for _ in range(5):
                signal.raise_signal(number)
                await asyncio.sleep(0)
            log.append("clean")

    assert graceful(main()) == 130
    assert log == ["clean"]


@pytest.mark.parametrize("line", range(1, 8))
def test_second_signal_in_the_handler(line: int) -> None:
    """Two signals at once cancel the program once, wherever the second one interrupts the handler of the first."""
    lines: List[int] = []
    log: List[str] = []

    def trace(frame: FrameType, event: str, _: object) -> Any:
        if frame.f_code.co_name != "handle":
            return None
        if event == "line":
            lines.append(frame.f_lineno)
            if len(lines) == line:
                signal.raise_signal(TERM)
        return trace

    async def main() -> None:
        try:
            sys.settrace(trace)
            signal.raise_signal(INT)
            sys.settrace(None)
            await asyncio.sleep(5)
        except asyncio.CancelledError:
            log.append("cancelled")
            await asyncio.sleep(0)
            log.append("clean")

    assert graceful(main()) in (128 + INT, 128 + TERM)
    assert log == ["cancelled", "clean"]


def test_second_signal_to_a_blocked_loop() -> None:
    """A late second signal works while the loop is blocked and has not handled the first."""

    def program(say: Callable[[bytes], None]) -> int:
        async def main() -> None:
            signal.raise_signal(TERM)
            say(b"blocked")
            _two_seconds_pass()
            signal.raise_signal(TERM)
            say(b", free")

        return graceful(main())

    assert _child(program) == (143, b"blocked")


def test_options_of_asyncio_run() -> None:
    """Further options go to `asyncio.run`."""
    debug: List[bool] = []

    async def main() -> None:
        debug.append(asyncio.get_running_loop().get_debug())

    assert graceful(main(), debug=True) == 0
    assert debug == [True]


def test_limit() -> None:
    """A `main` that swallows the request and goes on is ended after `grace` seconds with 128 + number."""

    def program(say: Callable[[bytes], None]) -> int:
        async def main() -> None:
            try:
                await _worker([])
            except asyncio.CancelledError:
                say(b"refused")
                await _forever()

        try:
            return graceful(main(), grace=0.05)
        finally:
            say(b", left")

    assert _child(program) == (143, b"refused")


def test_limit_of_a_cleanup_that_blocks() -> None:
    """A cleanup that blocks the loop is ended after `grace` seconds."""

    def program(say: Callable[[bytes], None]) -> int:
        async def main() -> None:
            try:
                await _worker([], INT)
            finally:
                say(b"blocking")
                threading.Event().wait()

        return graceful(main(), grace=0.05)

    assert _child(program) == (130, b"blocking")


def test_limit_of_a_task_left_behind() -> None:
    """A task that `main` leaves and that refuses to stop is ended after `grace` seconds."""

    def program(say: Callable[[bytes], None]) -> int:
        async def stubborn() -> None:
            try:
                await _forever()
            finally:
                say(b"refused")
                await _forever()

        async def main() -> None:
            task = asyncio.ensure_future(stubborn())
            assert not task.done()
            await _worker([])

        return graceful(main(), grace=0.05)

    assert _child(program) == (143, b"refused")


def test_within_the_limit() -> None:
    """The limit ends with the call: a program that goes on afterwards is left alone."""
    threads = threading.active_count()
    assert graceful(_worker([]), grace=60) == 143
    assert threading.active_count() == threads


@pytest.mark.parametrize("grace", [0, -1, math.nan])
def test_no_time(grace: float) -> None:
    """With a `grace` of zero or less, the first signal ends the process; without one nothing changes."""

    def program(say: Callable[[bytes], None]) -> int:
        async def main() -> None:
            try:
                await _worker([])
            finally:
                say(b"cleaning")

        return graceful(main(), grace=grace)

    assert _child(program) == (143, b"")
    assert graceful(asyncio.sleep(0), grace=grace) == 0


def test_little_time() -> None:
    """Any `grace` above zero lets the cleanup begin: the first signal does not end the process."""

    def program(say: Callable[[bytes], None]) -> int:
        async def main() -> None:
            signal.raise_signal(TERM)
            say(b"alive")
            await _forever()

        return graceful(main(), grace=0.2)

    assert _child(program) == (143, b"alive")


def test_no_limit() -> None:
    """`math.inf` sets no limit."""
    log: List[str] = []
    assert graceful(_worker(log), grace=math.inf) == 143
    assert log == ["cleaning", "clean"]


def test_ignored_signal() -> None:
    """A signal that the process ignores stays ignored, so `nohup` and `&` keep their meaning."""
    log: List[str] = []

    async def main() -> None:
        signal.raise_signal(signal.SIGUSR1)
        await asyncio.sleep(0)
        log.append("done")

    before = signal.signal(signal.SIGUSR1, signal.SIG_IGN)
    try:
        status = graceful(main(), signals=[signal.SIGUSR1])
        after = signal.getsignal(signal.SIGUSR1)
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert (status, log) == (0, ["done"])
    assert after == signal.SIG_IGN


def test_signal_of_c_code(monkeypatch: pytest.MonkeyPatch) -> None:
    """A signal that C code handles is left to it."""
    set_for: List[int] = []

    def record(number: int, _: object) -> None:
        set_for.append(number)

    monkeypatch.setattr(signal, "getsignal", lambda _: None)
    monkeypatch.setattr(signal, "signal", record)
    assert graceful(asyncio.sleep(0)) == 0
    monkeypatch.undo()
    assert TERM not in set_for


def test_handlers_are_put_back() -> None:
    """Handlers of your own are back afterwards, also when `main` failed."""
    seen: List[int] = []

    def mine(number: int, _: object) -> None:
        seen.append(number)

    async def breaks() -> None:
        raise ValueError("broken")

    before = signal.signal(TERM, mine)
    try:
        assert graceful(_worker([])) == 143
        assert signal.getsignal(TERM) is mine
        with pytest.raises(ValueError, match="broken"):
            graceful(breaks())
        assert signal.getsignal(TERM) is mine
        assert seen == []
        assert signal.getsignal(INT) is signal.default_int_handler
    finally:
        signal.signal(TERM, before)


def test_other_thread() -> None:
    """Another thread than the main one gets RuntimeError, and `main` is closed."""
    caught: List[BaseException] = []
    main = _forever()

    def run() -> None:
        try:
            graceful(main)
        except RuntimeError as error:
            caught.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert "main thread" in str(caught[0])
    assert inspect.getcoroutinestate(main) == inspect.CORO_CLOSED


def test_running_loop() -> None:
    """A running loop gets RuntimeError, is not disturbed, and `main` is closed."""

    async def outer() -> None:
        main = _forever()
        with pytest.raises(
            RuntimeError, match="running event loop"
        ):
            graceful(main)
        assert (
            inspect.getcoroutinestate(main) == inspect.CORO_CLOSED
        )
        await asyncio.sleep(0)

    asyncio.run(outer())


@pytest.mark.parametrize("number", [0, signal.SIGKILL])
def test_impossible_signal(number: int) -> None:
    """A number that is not a signal, or a signal that cannot be handled, is refused and `main` is closed."""
    main = _forever()
    with pytest.raises((ValueError, OSError, RuntimeError)):
        graceful(main, signals=[number])
    assert inspect.getcoroutinestate(main) == inspect.CORO_CLOSED


def test_leaves_nothing_a_hundred_times() -> None:
    """A hundred programs, each stopped by a signal, leave no thread or descriptor."""

    async def main() -> None:
        signal.raise_signal(TERM)
        await _forever()

    assert graceful(main()) == 143
    threads = threading.active_count()
    files = len(os.listdir("/dev/fd"))
    for _ in range(100):
        assert graceful(main()) == 143
    assert threading.active_count() == threads
    assert len(os.listdir("/dev/fd")) == files
