# SPDX-License-Identifier: 0BSD
"""What `run_group` promises, one test each."""

import errno
import gc
import math
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from selectors import PollSelector
from typing import Any, Callable, Iterator, List, Optional

import pytest

from run_group import run_group

LONG = 1000.0  # seconds; no test waits that long
linux = pytest.mark.skipif(
    sys.platform != "linux", reason="needs /proc and setsid"
)

REST = "sleep 1000 & echo $$ > READY; wait"
REFUSE = """trap '' TERM; sleep 1000 & trap 'echo asked > READY' TERM
    echo $$ > READY; while :; do wait; done"""
# Short sleeps: what is forked as the signal comes may not notice it.
TIDY = """trap 'echo bye; exit 3' TERM
    echo $$ > READY; while :; do sleep 0.01; done"""


class _Probe:
    """A pipe that all processes of a command share.

    They say something through it, and it ends with the last of them.
    Time passes, and signals come, when they have said something.
    """

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.patch = patch
        self.passed = self.step = 0.0
        self.looks = 0
        self.ended = threading.Event()
        self.said: List[str] = []
        read, self.write = os.pipe()
        self.reader = os.fdopen(read)
        patch.setitem(
            vars(sys.modules["run_group"]), "monotonic", self.time
        )

    def time(self) -> float:
        self.passed += self.step
        self.looks += 1
        return time.monotonic() + self.passed

    def line(self) -> str:
        self.said.append(self.reader.readline().strip())
        return self.said[-1]

    def wait(self) -> None:
        looks = (
            self.looks + 3
        )  # `Popen` is over, the limit has begun
        while self.looks < looks and not self.ended.is_set():
            time.sleep(0.001)

    def time_passes(self) -> None:
        self.wait()
        self.passed += 2 * LONG

    def time_flies(self) -> None:
        self.time_passes()
        self.step = 0.1

    def ctrl_c(self) -> None:
        self.wait()
        main = threading.main_thread().ident
        assert main is not None
        signal.pthread_kill(main, signal.SIGINT)

    def run(
        self,
        script: str,
        *events: Callable[[], object],
        **options: Any,
    ) -> "subprocess.CompletedProcess[Any]":
        """Run a script; after each line that it says comes an event."""

        def after_each_line() -> None:
            for event in events:
                self.line()
                event()

        self.ended.clear()
        thread = threading.Thread(target=after_each_line)
        thread.start()
        try:
            args = ["sh", "-c", self.script(script)]
            return run_group(args, pass_fds=[self.write], **options)
        finally:
            self.ended.set()
            thread.join()

    def script(self, text: str) -> str:
        return text.replace("READY", f"/dev/fd/{self.write}")

    def all_gone(self) -> None:
        """Wait until no process has the pipe any more."""
        os.close(self.write)
        self.reader.read()


@pytest.fixture(name="probe")
def _probe(monkeypatch: pytest.MonkeyPatch) -> Iterator[_Probe]:
    probe = _Probe(monkeypatch)
    # After `&` in a shell script, SIGINT is ignored.
    before = signal.signal(
        signal.SIGINT, signal.default_int_handler
    )
    yield probe
    signal.signal(signal.SIGINT, before)
    with suppress(ChildProcessError):  # no zombie is left
        assert os.waitpid(-1, os.WNOHANG) == (0, 0)
    probe.all_gone()
    probe.reader.close()


def _number(probe: _Probe) -> int:
    return int(probe.said[0])


def test_output_and_code() -> None:
    """Returns a `CompletedProcess` with exit code, stdout and stderr; `shell=True` works."""
    script = "echo a; echo b >&2; exit 3"
    for args, shell in (
        (["sh", "-c", script], False),
        (script, True),
    ):
        done = run_group(args, shell=shell)
        assert done.args == args
        assert done.returncode == 3
        assert (done.stdout, done.stderr) == (b"a\n", b"b\n")
        with pytest.raises(subprocess.CalledProcessError):
            done.check_returncode()


def test_input_pipe_is_empty() -> None:
    """With `stdin=PIPE`, the command reads an empty input, as in `subprocess.run`."""
    done = run_group(["cat"], stdin=subprocess.PIPE)
    assert (done.returncode, done.stdout) == (0, b"")


def test_like_subprocess_run(tmp_path: Path) -> None:
    """Text, its encoding, `cwd`, `env`, stdin and redirections work as in `subprocess.run`."""
    (tmp_path / "input").write_bytes(b"one\r\ntwo\rthree \xe9\n")
    with (tmp_path / "input").open() as file:
        for options in (
            {"encoding": "latin-1", "stderr": subprocess.STDOUT},
            {"text": True, "errors": "replace", "stdout": None},
            {"stderr": subprocess.DEVNULL, "env": {"A": "b"}},
        ):
            results = []
            for run in subprocess.run, run_group:
                file.seek(0)
                given: Any = {"stdin": file, "cwd": tmp_path}
                if run is subprocess.run:
                    given.update(stdout=-1, stderr=-1)
                given.update(options)
                function: Any = run
                script = "pwd; echo $A; cat input >&2; exec cat"
                done = function(["sh", "-c", script], **given)
                results.append(vars(done))
            assert results[0] == results[1]


def test_not_found() -> None:
    """A command that does not exist, or options that do not, raise what `Popen` raises."""
    with pytest.raises(FileNotFoundError):
        run_group(["/no/such/program"])
    with pytest.raises(TypeError, match="input"):
        run_group(["cat"], input=b"")


def test_large_output() -> None:
    """Output that is larger than a pipe is read while the command runs."""
    done = run_group(
        "head -c 3000000 /dev/zero | tee /dev/stderr", shell=True
    )
    assert (len(done.stdout), len(done.stderr)) == (
        3000000,
        3000000,
    )


def test_timeout(probe: _Probe) -> None:
    """At the limit, the command and all its children end; `TimeoutExpired` has the output so far, as bytes."""
    with pytest.raises(subprocess.TimeoutExpired) as error:
        probe.run(
            f"echo out; echo err >&2; {REST}",
            probe.time_passes,
            timeout=LONG,
            text=True,
        )
    assert error.value.timeout == LONG
    assert (error.value.stdout, error.value.stderr) == (
        b"out\n",
        b"err\n",
    )
    with pytest.raises(ProcessLookupError):  # reaped, too
        os.kill(_number(probe), 0)


@pytest.mark.parametrize("limit", [0, -1.0, math.nan])
def test_no_time(probe: _Probe, limit: float) -> None:
    """A limit of zero or less, or NaN, stops the command as soon as it is started."""
    with pytest.raises(subprocess.TimeoutExpired):
        probe.run(REST, timeout=limit, grace=limit)


@pytest.mark.parametrize("limit", [None, math.inf, 1e300])
def test_no_limit(limit: Optional[float]) -> None:
    """`None`, `math.inf` and huge numbers are no limit."""
    done = run_group(["sleep", "0.01"], timeout=limit, grace=9)
    assert done.returncode == 0


@linux
@pytest.mark.parametrize("grace", [LONG, math.inf])
def test_grace(probe: _Probe, grace: float) -> None:
    """SIGTERM comes first: within `grace` the command may clean up, and its last output is kept."""
    with pytest.raises(subprocess.TimeoutExpired) as error:
        probe.run(
            TIDY, probe.time_passes, timeout=LONG, grace=grace
        )
    assert error.value.stdout == b"bye\n"


@linux
def test_grace_of_the_group(probe: _Probe) -> None:
    """The grace is for the whole group: a child cleans up after the command itself has exited."""
    worker = f"({TIDY.replace('echo bye', 'sleep 0.1; echo done > READY')})"
    script = f"{worker} >/dev/null 2>&1 & wait"
    with pytest.raises(subprocess.TimeoutExpired):
        probe.run(
            script, probe.time_passes, timeout=LONG, grace=LONG
        )
    assert probe.line() == "done"


@linux
def test_main_thread_ended(probe: _Probe, tmp_path: Path) -> None:
    """A command whose main thread has ended has the grace while its other threads run."""
    program = tmp_path / "program.py"
    program.write_text("""if True:
        import ctypes, os, signal, sys, threading, time
        def rest():
            while True:
                with open("/proc/self/stat") as file:
                    if file.read().split()[2] == "Z":
                        break
            os.write(int(sys.argv[1].rsplit("/")[-1]), b"ready\\n")
            time.sleep(1000)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        threading.Thread(target=rest).start()
        ctypes.CDLL(None).pthread_exit(None)""")
    start = time.perf_counter()
    with pytest.raises(subprocess.TimeoutExpired):
        probe.run(
            f"exec {sys.executable} {program} READY",
            probe.time_passes,
            timeout=LONG,
            grace=0.3,
        )
    assert time.perf_counter() - start > 0.3


@linux
def test_no_descriptor_is_free(
    probe: _Probe, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While too many files are open to read `/proc`, the whole grace passes."""
    tidy = TIDY.replace("echo bye", "sleep 0.2; echo bye")

    def fail(_: Path) -> bytes:
        raise OSError(errno.EMFILE, "Too many open files")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_bytes", fail)
        with pytest.raises(subprocess.TimeoutExpired) as error:
            probe.run(
                tidy, probe.time_passes, timeout=LONG, grace=1
            )
    assert error.value.stdout == b"bye\n"


def test_no_reference_cycle() -> None:
    """A call leaves nothing to the garbage collector."""
    gc.collect()
    gc.disable()
    try:
        run_group(["true"])
        objects = gc.get_objects()
        assert not any(
            isinstance(each, PollSelector) for each in objects
        )
    finally:
        gc.enable()


def test_types_of_limits(probe: _Probe) -> None:
    """A limit can be of any type that `float` takes; with another as `grace`, nothing is started."""
    for limit in (Decimal("0.01"), Fraction(1, 100)):
        limits: Any = {"timeout": limit, "grace": limit}
        with pytest.raises(subprocess.TimeoutExpired):
            run_group(["sleep", "1000"], **limits)
    for odd in (None, "soon", 10**400):
        limits = {"grace": odd}
        with pytest.raises((TypeError, ValueError, OverflowError)):
            probe.run("echo > READY", **limits)
    os.write(probe.write, b"nothing\n")
    assert probe.line() == "nothing"


def test_not_captured() -> None:
    """Output that goes elsewhere is None in the result, and empty in `TimeoutExpired`."""
    options: Any = {"stdout": subprocess.DEVNULL, "stderr": None}
    done = run_group(["true"], **options)
    assert (done.stdout, done.stderr) == (None, None)
    with pytest.raises(subprocess.TimeoutExpired) as error:
        run_group(["sleep", "1000"], timeout=0, **options)
    assert (error.value.stdout, error.value.stderr) == (b"", b"")


@linux
def test_any_name(probe: _Probe, tmp_path: Path) -> None:
    """The names of processes do not matter, not even one like `) Z 1 1 (`."""
    program = tmp_path / ") Z 1 1 ("
    program.write_text(f"#!/bin/sh\n{probe.script(TIDY)}\n")
    program.chmod(0o700)
    with pytest.raises(subprocess.TimeoutExpired) as error:
        probe.run(
            f"exec '{program}'",
            probe.time_passes,
            timeout=LONG,
            grace=LONG,
        )
    assert error.value.stdout == b"bye\n"


def test_refuses(probe: _Probe) -> None:
    """What ignores SIGTERM is killed when the grace is over, with all its children."""
    with pytest.raises(subprocess.TimeoutExpired):
        probe.run(
            REFUSE,
            probe.time_passes,
            probe.time_passes,
            timeout=LONG,
            grace=LONG,
        )
    assert probe.said[1] == "asked"


@linux
def test_refuses_silently(probe: _Probe) -> None:
    """A child in the background that ignores SIGTERM and has closed its output is killed as well."""
    silent = (
        "(trap '' TERM; echo > READY; exec sleep 1000 >&- 2>&-)"
    )
    with pytest.raises(subprocess.TimeoutExpired):
        probe.run(
            f"{silent} & sleep 1000 & wait",
            probe.time_flies,
            timeout=LONG,
            grace=1,
        )


@pytest.mark.parametrize("shell_exits", [False, True])
def test_ctrl_c(probe: _Probe, shell_exits: bool) -> None:
    """Ctrl-C stops the group, also if the command itself has exited, and raises `KeyboardInterrupt`."""
    script = REST.replace("wait", "exit") if shell_exits else REST
    with pytest.raises(KeyboardInterrupt):
        probe.run(script, probe.ctrl_c)


# A real Ctrl-C can come between opening a file and its `with`.
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@linux
def test_ctrl_c_gives_the_grace(probe: _Probe) -> None:
    """After Ctrl-C, too, the group has its grace to clean up; a second Ctrl-C kills at once."""
    tidy = TIDY.replace("echo bye", "echo bye > READY")
    with pytest.raises(KeyboardInterrupt):
        probe.run(tidy, probe.ctrl_c, grace=LONG)
    assert probe.line() == "bye"
    with pytest.raises(KeyboardInterrupt):
        probe.run(REFUSE, probe.ctrl_c, probe.ctrl_c, grace=LONG)


def test_output_held_open(probe: _Probe) -> None:
    """A command has ended when its output has: a child that holds it counts for the limit."""
    script = "echo done; sleep 1000 & echo $$ > READY"
    with pytest.raises(subprocess.TimeoutExpired) as error:
        probe.run(script, probe.time_passes, timeout=LONG)
    assert error.value.stdout == b"done\n"


def test_output_closed(probe: _Probe) -> None:
    """A command that has closed its output and runs on is waited for, or stopped."""
    script = "exec >&- 2>&-; sleep 0.02; exit 3"
    assert probe.run(script).returncode == 3
    with pytest.raises(subprocess.TimeoutExpired):
        probe.run(
            f"exec >&- 2>&-; {REST}",
            probe.time_passes,
            timeout=LONG,
        )


def test_left_in_the_background(probe: _Probe) -> None:
    """After a normal end, what runs on with its output elsewhere is left alone."""
    script = "sleep 1000 >&- 2>&- & echo $! > READY"
    assert probe.run(script, grace=LONG).returncode == 0
    os.kill(int(probe.line()), signal.SIGKILL)


@linux
def test_left_the_group(probe: _Probe) -> None:
    """What has left the group lives on and may hold the output; the call ends a second later."""
    daemon = "setsid sh -c 'echo $$ > READY; exec sleep 1000'"
    with pytest.raises(subprocess.TimeoutExpired) as error:
        probe.run(
            f"echo first; {daemon}",
            probe.time_flies,
            timeout=LONG,
        )
    assert error.value.stdout == b"first\n"
    os.kill(_number(probe), signal.SIGKILL)


@linux
def test_number_is_taken(probe: _Probe) -> None:
    """A signal is sent only while the number of the command is its own: it is not reaped yet, even if it has exited."""
    sent: List[int] = []

    def killpg(group: int, number: int) -> None:
        sent.append(number)
        os.waitid(  # raises if it is reaped
            os.P_PID, group, os.WEXITED | os.WNOHANG | os.WNOWAIT
        )
        original(group, number)

    original = os.killpg
    probe.patch.setattr(os, "killpg", killpg)
    with pytest.raises(subprocess.TimeoutExpired):
        probe.run(
            REST.replace("wait", "exit"),
            probe.time_passes,
            timeout=LONG,
        )
    assert sent == [signal.SIGTERM, signal.SIGKILL]
    del sent[:]
    assert run_group(["true"]).returncode == 0
    assert sent == []


def test_not_allowed(probe: _Probe) -> None:
    """A command that may not be signalled is waited for, then PermissionError is raised."""

    def refuse(*_: object) -> None:
        raise PermissionError

    probe.patch.setattr(os, "killpg", refuse)
    probe.patch.setattr(subprocess.Popen, "send_signal", refuse)
    with pytest.raises(PermissionError):
        probe.run("echo $$ > READY; sleep 0.05", timeout=0)
    assert probe.line()  # it has run to its end


def test_command_left_its_group(probe: _Probe) -> None:
    """If the group does not exist any more, the command itself is stopped."""

    def nobody(*_: object) -> None:
        raise ProcessLookupError

    probe.patch.setattr(os, "killpg", nobody)
    with pytest.raises(subprocess.TimeoutExpired):
        probe.run("exec sleep 1000", timeout=0)


def test_session_of_its_own() -> None:
    """The command leads a session and a group of its own, whatever the options say."""
    for options in {}, {"start_new_session": False}:
        script = "import os; print(os.getpid(), os.getpgid(0), os.getsid(0))"
        done = run_group(
            [sys.executable, "-Sc", script], text=True, **options
        )
        assert len(set(done.stdout.split())) == 1


def test_many_threads() -> None:
    """Any thread can call it, several at once."""
    outputs: List[bytes] = []

    def work(number: int) -> None:
        done = run_group(["echo", str(number)], timeout=LONG)
        outputs.append(done.stdout)

    threads = [
        threading.Thread(target=work, args=(n,)) for n in range(10)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outputs) == [b"%d\n" % n for n in range(10)]


def test_leaves_nothing(probe: _Probe) -> None:
    """Many calls, ended and stopped, leave no process, thread or descriptor."""
    threads = threading.active_count()
    files = len(list(Path("/dev/fd").iterdir()))
    for _ in range(10):
        run_group(["true"])
        with pytest.raises(subprocess.TimeoutExpired):
            probe.run("sleep 1000 & wait", timeout=0)
    assert threading.active_count() == threads
    assert len(list(Path("/dev/fd").iterdir())) == files
