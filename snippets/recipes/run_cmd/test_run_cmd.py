# SPDX-License-Identifier: 0BSD
"""What `run_cmd` promises, one test each."""

import asyncio
import gc
import inspect
import math
import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, Awaitable, Callable, Dict, List

import pytest

from run_cmd import run_cmd

LONG = 1000.0  # seconds; no test waits that long


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


def _time_passes() -> None:
    """Let every timer of the loop fire now."""
    loop: Any = asyncio.get_running_loop()
    now = loop.time() + 2 * LONG
    real = type(loop).time
    offset = now - real(loop)
    loop.time = lambda: real(loop) + offset


async def _time_flies(call: "asyncio.Future[Any]") -> None:
    """Let every timer of the loop fire until a call has ended."""
    while not call.done():
        _time_passes()
        await asyncio.sleep(0.001)


def _wait_for_zombie(pid: int) -> None:
    """Block until a child has exited, without reaping it."""
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)


def _reap(pid: int) -> None:
    os.waitpid(pid, 0)


class _Probe:
    """A pipe that the processes of a command share.

    They say something through it, and it ends when the last of them
    has ended.
    """

    async def open(self) -> "_Probe":
        read, self.write = os.pipe()
        self.reader = asyncio.StreamReader()
        (
            self.pipe,
            _,
        ) = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(self.reader),
            os.fdopen(read, "rb"),
        )
        return self

    def command(self, script: str) -> List[str]:
        path = f"/dev/fd/{self.write}"
        return ["sh", "-c", script.replace("READY", path)]

    async def start(
        self, script: str, **options: Any
    ) -> "asyncio.Task[subprocess.CompletedProcess[bytes]]":
        """Start a command in a task, and wait until it has said a line."""
        call = asyncio.ensure_future(
            run_cmd(
                *self.command(script),
                pass_fds=[self.write],
                **options,
            )
        )
        self.said = await self.line()
        await asyncio.sleep(0)
        return call

    async def line(self) -> str:
        """Wait for the next line that they say."""
        return (await self.reader.readline()).decode().strip()

    async def all_gone(self) -> None:
        """Wait until no process has the pipe any more."""
        os.close(self.write)
        await self.reader.read()
        self.pipe.close()


REST = "sleep 1000 & echo $$ > READY; wait"
REFUSE = """trap '' TERM; sleep 1000 &
    trap 'echo asked > READY' TERM
    echo $$ > READY; while :; do wait; done"""
# Short sleeps: what is forked as the signal comes may not notice it.
TIDY = """trap 'echo bye; exit 3' TERM
    echo $$ > READY; while :; do sleep 0.01; done"""


def test_output_and_code() -> None:
    """Returns a `CompletedProcess` with exit code, stdout and stderr."""

    async def main() -> None:
        done = await run_cmd(
            "sh", "-c", "echo a; echo b >&2; exit 3"
        )
        assert done.args == [
            "sh",
            "-c",
            "echo a; echo b >&2; exit 3",
        ]
        assert done.returncode == 3
        assert (done.stdout, done.stderr) == (b"a\n", b"b\n")
        with pytest.raises(subprocess.CalledProcessError):
            done.check_returncode()

    _run(main)


def test_ended_by_a_signal() -> None:
    """A command that a signal ends has the signal's number as negative exit code."""

    async def main() -> None:
        done = await run_cmd("sh", "-c", "kill -9 $$")
        assert done.returncode == -signal.SIGKILL
        assert (done.stdout, done.stderr) == (b"", b"")

    _run(main)


def test_large_output() -> None:
    """Ten megabytes on each stream at once do not block, and arrive complete."""

    async def main() -> None:
        size = 10_000_000
        half = f"head -c {size} /dev/zero"
        done = await run_cmd(
            "sh", "-c", f"{half} & {half} >&2; wait"
        )
        assert (len(done.stdout), len(done.stderr)) == (size, size)

    _run(main)


def test_session_and_stdin() -> None:
    """The command leads its own session and reads an empty stdin."""

    async def main() -> None:
        code = (
            "import os; print(os.getsid(0) == os.getpid(), input())"
        )
        done = await run_cmd(sys.executable, "-Sc", code)
        assert b"EOFError" in done.stderr
        code = "import os; print(os.getsid(0) == os.getpid())"
        done = await run_cmd(sys.executable, "-Sc", code)
        assert done.stdout == b"True\n"

    _run(main)


def test_options() -> None:
    """Further options go to `Popen`: the folder, the environment, where output goes."""

    async def main() -> None:
        done = await run_cmd(
            "sh",
            "-c",
            "pwd; echo $X; echo error >&2",
            cwd="/",
            env={"X": "42", "PATH": os.environ["PATH"]},
            stderr=subprocess.STDOUT,
        )
        assert done.stdout == b"/\n42\nerror\n"
        assert done.stderr == b""

    _run(main)


def test_not_found() -> None:
    """A program that does not exist gives FileNotFoundError."""

    async def main() -> None:
        with pytest.raises(FileNotFoundError):
            await run_cmd("/no/such/program")

    _run(main)


def test_timeout() -> None:
    """When the time is up the command is ended: TimeoutExpired, with the output so far."""

    async def main() -> None:
        probe = await _Probe().open()
        script = f"echo one; echo two >&2; {REST}"
        call = await probe.start(script, timeout=LONG)
        _time_passes()
        with pytest.raises(subprocess.TimeoutExpired) as error:
            await call
        assert error.value.cmd == probe.command(script)
        assert error.value.timeout == LONG
        assert error.value.output == b"one\n"
        assert error.value.stderr == b"two\n"
        await probe.all_gone()

    _run(main)


@pytest.mark.parametrize("limit", [0, 0.0, -1])
def test_timeout_of_zero(limit: float) -> None:
    """A timeout of zero or less starts the command and ends it at once."""

    async def main() -> None:
        with pytest.raises(subprocess.TimeoutExpired) as error:
            await run_cmd("sleep", "1000", timeout=limit)
        assert error.value.timeout == limit

    _run(main)


def test_ends_in_time() -> None:
    """A command that ends in time is not touched, whatever the grace."""

    async def main() -> None:
        done = await run_cmd("true", timeout=LONG, grace=LONG)
        assert done.returncode == 0

    _run(main)


def test_cleans_up() -> None:
    """Within the grace a command can react to SIGTERM; its last words are kept."""

    async def main() -> None:
        probe = await _Probe().open()
        call = await probe.start(TIDY, timeout=LONG, grace=LONG)
        _time_passes()
        with pytest.raises(subprocess.TimeoutExpired) as error:
            await call
        assert error.value.output == b"bye\n"
        await probe.all_gone()

    _run(main)


def test_no_grace_unless_given() -> None:
    """There is no grace unless it is given."""
    grace = inspect.signature(run_cmd).parameters["grace"]
    assert grace.default == 0


def test_grace_of_the_group() -> None:
    """The grace is for the whole group, also after the command itself has exited."""

    async def main() -> None:
        probe = await _Probe().open()
        worker = f"({TIDY.replace('exit 3', 'sleep 0.2; echo done > READY; exit')})"
        call = await probe.start(
            f"{worker} >/dev/null 2>&1 & wait", grace=LONG
        )
        call.cancel()
        assert await probe.line() == "done"
        await _time_flies(call)
        with pytest.raises(asyncio.CancelledError):
            await call
        await probe.all_gone()

    _run(main)


@pytest.mark.skipif(sys.platform != "linux", reason="needs setsid")
def test_number_is_not_free() -> None:
    """While its output is open, no process can get the command's number; then an empty group gets no signal."""

    async def main() -> None:
        probe = await _Probe().open()
        daemon = "setsid sh -c 'echo $$ > READY; exec sleep 1000' &"
        call = await probe.start(
            f"echo $$ > READY; {daemon}", timeout=LONG
        )
        daemon = await probe.line()
        # The command has exited, and nothing has reaped it.
        _wait_for_zombie(int(probe.said))
        signals: List[int] = []
        killpg = os.killpg

        def noted(group: int, number: int) -> None:
            signals.append(number)
            killpg(group, number)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(os, "killpg", noted)
            await _time_flies(call)
            with pytest.raises(subprocess.TimeoutExpired):
                await call
        assert set(signals) == {0}
        os.kill(int(daemon), signal.SIGKILL)
        await probe.all_gone()

    _run(main)


def test_refuses() -> None:
    """What ignores SIGTERM is killed when the grace is over, with all its children."""

    async def main() -> None:
        probe = await _Probe().open()
        call = await probe.start(REFUSE, timeout=LONG, grace=LONG)
        _time_passes()  # the timeout
        assert await probe.line() == "asked"
        os.kill(int(probe.said), 0)
        _time_passes()  # the grace
        with pytest.raises(subprocess.TimeoutExpired):
            await call
        await probe.all_gone()

    _run(main)


def test_ignores_sigterm_silently() -> None:
    """A child in the background that ignores SIGTERM and is silent is killed as well."""

    async def main() -> None:
        probe = await _Probe().open()
        silent = (
            "(trap '' TERM; echo > READY; exec sleep 1000 >&- 2>&-)"
        )
        call = await probe.start(
            f"{silent} & sleep 1000 & wait", grace=LONG
        )
        call.cancel()
        await asyncio.sleep(0)
        _time_passes()
        with pytest.raises(asyncio.CancelledError):
            await call
        await probe.all_gone()

    _run(main)


def test_cancelled() -> None:
    """A cancelled call ends the command and all its children, then raises CancelledError."""

    async def main() -> None:
        probe = await _Probe().open()
        call = await probe.start(REST)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        assert call.cancelled()
        with pytest.raises(ProcessLookupError):  # reaped, too
            os.kill(int(probe.said), 0)
        await probe.all_gone()

    _run(main)


@pytest.mark.skipif(
    sys.version_info < (3, 9), reason="cancel() takes no message"
)
def test_message_of_the_cancellation() -> None:
    """CancelledError keeps the message of the cancellation, by which AnyIO knows its own."""
    seen: List[Any] = []

    async def caller() -> None:
        try:
            await run_cmd("sleep", "1000")
        except asyncio.CancelledError as error:
            seen.append(error.args)
            raise

    async def main() -> None:
        task: Any = asyncio.ensure_future(caller())
        await asyncio.sleep(0)
        task.cancel("why")
        with pytest.raises(asyncio.CancelledError):
            await task
        assert seen == [("why",)]

    _run(main)


def test_cancelled_twice() -> None:
    """A second request during the grace kills at once."""

    async def main() -> None:
        probe = await _Probe().open()
        call = await probe.start(REFUSE, grace=LONG)
        call.cancel()
        assert await probe.line() == "asked"
        assert not call.done()
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        with pytest.raises(ProcessLookupError):
            os.kill(int(probe.said), 0)
        await probe.all_gone()

    _run(main)


def test_cancelled_all_the_time() -> None:
    """However often the caller is cancelled, the command is gone and reaped in the end."""

    async def main() -> None:
        probe = await _Probe().open()
        call = await probe.start(REFUSE, grace=LONG)
        while not call.done():
            call.cancel()
            await asyncio.sleep(0)
        assert call.cancelled()
        with pytest.raises(ProcessLookupError):
            os.kill(int(probe.said), 0)
        await probe.all_gone()

    _run(main)


def test_cancelled_before_it_starts() -> None:
    """A call cancelled before it ran starts nothing."""

    async def main() -> None:
        probe = await _Probe().open()
        call = asyncio.ensure_future(
            run_cmd(*probe.command(REST), pass_fds=[probe.write])
        )
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        await probe.all_gone()

    _run(main)


@pytest.mark.parametrize("steps", range(1, 12))
def test_cancelled_while_starting(steps: int) -> None:
    """Cancelled at any step of the start, once or again and again, it leaves nothing."""

    async def main() -> None:
        for again in (False, True):
            probe = await _Probe().open()
            call = asyncio.ensure_future(
                run_cmd(
                    *probe.command(REST), pass_fds=[probe.write]
                )
            )
            for _ in range(steps):
                await asyncio.sleep(0)
            call.cancel()
            while again and not call.done():
                call.cancel()
                await asyncio.sleep(0)
            with pytest.raises(asyncio.CancelledError):
                await call
            await probe.all_gone()

    _run(main)


def test_children_of_a_half_started_command() -> None:
    """What the command started before the loop knew of it is ended as well."""

    async def main() -> None:
        probe = await _Probe().open()
        call = asyncio.ensure_future(
            run_cmd(*probe.command(REST), pass_fds=[probe.write])
        )
        await asyncio.sleep(0)  # the call begins
        await asyncio.sleep(
            0
        )  # its start begins: a process is there
        descriptor = os.open(f"/dev/fd/{probe.write}", os.O_RDONLY)
        assert os.read(descriptor, 1)  # blocks the loop until it is
        os.close(descriptor)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        await probe.reader.readline()
        await probe.all_gone()

    _run(main)


@pytest.mark.parametrize("steps", range(1, 5))
def test_not_found_and_cancelled(steps: int) -> None:
    """Where the start fails and the caller is cancelled, the caller's request wins."""

    async def main() -> None:
        call = asyncio.ensure_future(run_cmd("/no/such/program"))
        for _ in range(steps):
            await asyncio.sleep(0)
        if call.done():
            assert isinstance(call.exception(), FileNotFoundError)
            return
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call

    _run(main)


def test_timeout_and_cancel_at_once() -> None:
    """When time is up and the caller is cancelled in one tick, CancelledError wins."""

    async def main() -> None:
        probe = await _Probe().open()
        call = await probe.start(REST, timeout=LONG)
        _time_passes()
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        await probe.all_gone()

    _run(main)


def test_cancelled_during_the_grace_of_a_timeout() -> None:
    """Cancelled while a timeout's grace runs, the call kills and raises CancelledError."""

    async def main() -> None:
        probe = await _Probe().open()
        call = await probe.start(REFUSE, timeout=LONG, grace=LONG)
        _time_passes()
        assert await probe.line() == "asked"
        assert not call.done()
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        await probe.all_gone()

    _run(main)


def test_ends_as_it_is_cancelled(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Cancelled in the tick in which the command ends of itself, the call is cancelled."""
    command: Any = sys.modules["run_cmd"].__dict__["_Command"]
    ended = command.ended

    async def main() -> None:
        call = asyncio.ensure_future(run_cmd("true"))

        def both(self: object) -> bool:
            result: bool = ended(self)
            if result:
                call.cancel()
            return result

        monkeypatch.setattr(command, "ended", both)
        with pytest.raises(asyncio.CancelledError):
            await call

    _run(main)


@pytest.mark.parametrize("limit", [math.nan, math.inf])
def test_odd_limits(limit: float) -> None:
    """`math.inf` is no limit; a limit that is not a number counts as zero."""

    async def main() -> None:
        call = run_cmd("true", timeout=limit, grace=limit)
        if limit == math.inf:
            assert (await call).returncode == 0
            return
        with pytest.raises(subprocess.TimeoutExpired):
            await call

    _run(main)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_ends_as_it_is_signalled(
    number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If a group ends just before it gets a signal, the call does not raise for that."""
    killpg = os.killpg

    def late(group: int, sent: int) -> None:
        killpg(group, sent and signal.SIGKILL)
        if sent == number:
            raise ProcessLookupError

    monkeypatch.setattr(os, "killpg", late)

    async def main() -> None:
        with pytest.raises(subprocess.TimeoutExpired):
            await run_cmd("sleep", "1000", timeout=0)

    _run(main)


def test_limits_are_checked_first() -> None:
    """Limits can be of any type that `float` takes; with others, nothing is started."""

    async def main() -> None:
        for limit in (Decimal("0.001"), Fraction(1, 1000)):
            call = run_cmd("sleep", "1000", timeout=limit)  # type: ignore[arg-type]
            with pytest.raises(subprocess.TimeoutExpired):
                await call
        probe = await _Probe().open()
        for options in ({"timeout": 10**400}, {"grace": None}):
            with pytest.raises((TypeError, OverflowError)):
                await run_cmd(
                    *probe.command(REST),
                    pass_fds=[probe.write],
                    **options,
                )
        await probe.all_gone()

    _run(main)


def test_without_asyncio() -> None:
    """Without a loop of asyncio, such as under Trio, nothing is started: RuntimeError."""
    call = run_cmd("true")
    started: List[Any] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(subprocess, "Popen", started.append)
        with pytest.raises(RuntimeError, match="no running event"):
            call.send(None)
    assert started == []


def test_not_captured() -> None:
    """Output that goes elsewhere is empty in the result."""

    async def main() -> None:
        done = await run_cmd(
            "echo", "x", stdout=subprocess.DEVNULL, stderr=None
        )
        assert (done.stdout, done.stderr) == (b"", b"")

    _run(main)


def test_file_as_stdin(tmp_path: Path) -> None:
    """An open file can be the command's stdin; text and a shell are refused."""
    (tmp_path / "input").write_text("from a file")

    async def main() -> None:
        with (tmp_path / "input").open() as file:
            done = await run_cmd("cat", stdin=file)
        assert done.stdout == b"from a file"
        for option in ("text", "shell"):
            with pytest.raises(TypeError, match=option):
                await run_cmd("cat", **{option: True})

    _run(main)


def test_within_wait_for() -> None:
    """A timeout around the call, like `asyncio.wait_for`, ends the command."""

    async def main() -> None:
        probe = await _Probe().open()
        call = await probe.start(REST)
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(call, 0.01)
        await probe.all_gone()

    _run(main)


@pytest.mark.skipif(sys.platform != "linux", reason="needs waitid")
def test_output_held_open() -> None:
    """A command has ended when its output has: a child that holds it counts for the timeout."""

    async def main() -> None:
        probe = await _Probe().open()
        script = "echo done; sleep 1000 & echo $$ > READY"
        call = await probe.start(script, timeout=LONG)
        # The shell has exited; its child still holds the output.
        _wait_for_zombie(int(probe.said))
        await asyncio.sleep(0)
        assert not call.done()
        _time_passes()
        with pytest.raises(subprocess.TimeoutExpired) as error:
            await call
        assert error.value.output == b"done\n"
        await probe.all_gone()

    _run(main)


def test_left_in_the_background() -> None:
    """After a normal end, what runs on with its output elsewhere is left alone."""

    async def main() -> None:
        probe = await _Probe().open()
        script = "sleep 1000 >&- 2>&- & echo $! > READY"
        done = await (await probe.start(script))
        assert done.returncode == 0
        os.kill(int(probe.said), signal.SIGKILL)
        await probe.all_gone()

    _run(main)


@pytest.mark.skipif(sys.platform != "linux", reason="needs setsid")
def test_left_the_group() -> None:
    """What has left the group lives on and may hold the output; the call ends anyway."""

    async def main() -> None:
        probe = await _Probe().open()
        script = "echo first; setsid sh -c 'echo $$ > READY; exec sleep 1000'"
        call = await probe.start(script, timeout=LONG)
        await _time_flies(call)
        with pytest.raises(subprocess.TimeoutExpired) as error:
            await call
        assert error.value.output == b"first\n"
        os.kill(int(probe.said), signal.SIGKILL)
        await probe.all_gone()

    _run(main)


@pytest.mark.filterwarnings("ignore:subprocess:ResourceWarning")
def test_not_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A command that may not be signalled gives PermissionError, whatever was to stop it."""

    async def main() -> None:
        def refuse(*_: int) -> None:
            raise PermissionError

        probe = await _Probe().open()
        call = await probe.start(REST)
        with monkeypatch.context() as patch:
            patch.setattr(os, "killpg", refuse)
            call.cancel()
            with pytest.raises(PermissionError):
                await call
        os.killpg(int(probe.said), signal.SIGKILL)
        _reap(int(probe.said))
        await probe.all_gone()

    _run(main)


def test_many_at_once() -> None:
    """Twenty commands can run at once; cancelling one does not touch the others."""

    async def main() -> None:
        cats = [run_cmd("echo", str(n)) for n in range(19)]
        probe = await _Probe().open()
        call = await probe.start(REST)
        others = asyncio.gather(*cats)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        await probe.all_gone()
        for number, done in enumerate(await others):
            assert done.stdout == f"{number}\n".encode()

    _run(main)


def test_in_another_thread() -> None:
    """A loop in another thread than the main one can run commands, too."""
    outputs: List[bytes] = []

    def work() -> None:
        done = asyncio.run(run_cmd("echo", "hello"))
        outputs.append(done.stdout)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert outputs == [b"hello\n"]


def test_leaves_nothing_a_hundred_times() -> None:
    """A hundred calls, ended and cancelled, leave no process, task, thread or descriptor."""

    async def main() -> None:
        probe = await _Probe().open()
        for turn in range(100):
            if turn % 2:
                await run_cmd("true", pass_fds=[probe.write])
                continue
            with pytest.raises(subprocess.TimeoutExpired):
                await run_cmd(
                    "sleep",
                    "1000",
                    timeout=0,
                    pass_fds=[probe.write],
                )
        await probe.all_gone()

    _run(main)
    files = len(list(Path("/dev/fd").iterdir()))
    _run(main)
    assert len(list(Path("/dev/fd").iterdir())) == files
    assert threading.active_count() <= 2
    # What other tests left in the background runs; no zombie is here.
    with suppress(ChildProcessError):
        assert os.waitpid(-1, os.WNOHANG) == (0, 0)
