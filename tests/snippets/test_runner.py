"""Hostile programs: each is contained, each leaves nothing, each has its clear error."""

import contextlib
import os
import signal
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from pleasestop.snippets import capture, compare, interpreters, runner
from pleasestop.snippets.model import Snippet
from pleasestop.snippets.runner import Job, Run
from snippet_folder import Folder, run_once

SLEEP = ["sleep", f"977.{os.getpid()}"]  # seconds; other tests may run beside these


@pytest.fixture(autouse=True)
def nothing_is_left(tmp_path: Path) -> Iterator[None]:
    """Check that no program of a test, and no sleeper that it leaves, outlives the test."""
    yield
    deadline = time.monotonic() + 5  # a killed process lives until the kernel has reaped it
    while left := commands(tmp_path):
        assert time.monotonic() < deadline, left
        time.sleep(0.01)


def commands(folder: Path) -> list[list[str]]:
    """Return the command lines of a test's processes: those that name its folder, and sleepers."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            command = process.cmdline()
            if command == SLEEP or any(str(folder) in word for word in command):
                found.append(command)
    return found


def text(run: Run, stream: str = "stdout") -> str:
    return "".join(event.text for event in run.events if event.stream == stream)


def problems(snippet: Snippet, run: Run) -> str:
    return "\n".join(compare.conduct(snippet, run))


def test_a_run_that_never_started_signals_no_process() -> None:
    script = "import os, signal; from pleasestop.snippets import runner; runner._ProcessTree().kill(); print('alive')"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, start_new_session=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "alive\n")


def test_a_plain_run(folder: Folder) -> None:
    run = run_once(folder.write("print('hello')\n"))
    assert (text(run), run.exit, run.leaks, run.fault) == ("hello\n", 0, (), None)
    assert run.interpreter.version == interpreters.own().version


def test_main_is_the_real_main_and_stdin_is_closed(folder: Folder) -> None:
    body = (
        "import inspect, sys\n"
        "def here(): pass\n"
        "print(__name__, inspect.getsource(here).strip(), repr(sys.stdin.read()))\n"
    )
    assert text(run_once(folder.write(body))) == "__main__ def here(): pass ''\n"


def test_the_builders_environment_is_not_seen(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONASYNCIODEBUG", "1")
    monkeypatch.setenv("SECRET", "x")
    run = run_once(
        folder.write("import os\nprint('SECRET' in os.environ, 'PYTHONASYNCIODEBUG' in os.environ, os.listdir())\n")
    )
    assert text(run) == "False False []\n"


def test_streams_keep_the_order_in_which_they_were_written(folder: Folder) -> None:
    body = "import sys\nfor n in range(300):\n    print(n)\n    print(n, file=sys.stderr)\n"
    run = run_once(folder.write(body))
    assert [(line.stream, line.text) for line in compare.observe(run).lines] == [
        (stream, str(n)) for n in range(300) for stream in ("stdout", "stderr")
    ]


def test_lines_of_threads_and_children_arrive_whole(folder: Folder) -> None:
    body = (
        "import subprocess, sys, threading\n"
        "def talk(who):\n    for n in range(200): print(who, n, 'x' * 50)\n"
        "if len(sys.argv) > 1: talk('child')\n"
        "else:\n"
        "    children = [subprocess.Popen([sys.executable, __file__, 'c']) for _ in range(2)]\n"
        "    threads = [threading.Thread(target=talk, args=('thread',)) for _ in range(2)]\n"
        "    [t.start() for t in threads]; [t.join() for t in threads]; [c.wait() for c in children]\n"
    )
    lines = [line.text for line in compare.observe(run_once(folder.write(body))).lines]
    expected = [f"{who} {n} {'x' * 50}" for who in ("child", "thread") for n in range(200) for _ in range(2)]
    assert sorted(lines) == sorted(expected)


def test_output_of_a_terminated_child_is_kept(folder: Folder) -> None:
    body = (
        "import multiprocessing, time\n"
        "def work(ready):\n    print('child: ready')\n    ready.set()\n    time.sleep(60)\n"
        "if __name__ == '__main__':\n"
        "    ready = multiprocessing.Event()\n"
        "    child = multiprocessing.Process(target=work, args=(ready,))\n"
        "    child.start(); ready.wait(); child.terminate(); child.join(); print('exit', child.exitcode)\n"
    )
    assert text(run_once(folder.write(body))) == "child: ready\nexit -15\n"


def test_a_hang_is_stopped_and_says_where_it_stood(folder: Folder) -> None:
    snippet = folder.write(
        "import threading\nprint('before')\ndef wait():\n    threading.Event().wait()\nwait()\n", rules="timeout = 0.5"
    )
    run = run_once(snippet)
    assert run.exit is None
    assert "was still running after 0.5 s and was stopped" in problems(snippet, run)
    assert "in wait" in problems(snippet, run)
    assert text(run) == "before\n"


def test_a_hang_that_is_declared_is_known_by_its_silence(folder: Folder) -> None:
    body = (
        "import time\n"
        "time.sleep(0.8)  # a slow start is not a hang\n"
        "for n in range(4):\n    print(n)\n    time.sleep(0.3)\n"
        "time.sleep(60)\n"
    )
    snippet = folder.write(body, rules='wrong = "hangs"\ntimeout = 0.6')
    run = run_once(snippet)
    assert text(run) == "0\n1\n2\n3\n"
    assert problems(snippet, run) == ""
    assert run.seconds < 5


def test_a_flood_during_the_stop_is_not_a_fault(folder: Folder) -> None:
    body = (
        "import signal\n"
        "def flood(*_):\n    while True: print('x' * 1000)\n"
        "signal.signal(signal.SIGINT, flood)\nprint('ready')\nsignal.pause()\n"
    )
    snippet = folder.write(body, rules='wrong = "hangs"\ntimeout = 0.4')
    run = run_once(snippet)
    assert (text(run), run.fault) == ("ready\n", None)


def test_a_thread_that_keeps_the_program_alive_is_named(folder: Folder) -> None:
    body = "import threading\nthreading.Thread(target=threading.Event().wait).start()\nprint('done')\n"
    snippet = folder.write(body, rules="timeout = 0.5")
    assert "the main program had ended: other threads kept it alive" in problems(snippet, run_once(snippet))


def test_a_program_that_ignores_sigint_and_sigterm_is_killed(folder: Folder) -> None:
    body = (
        "import signal, time\n"
        "for n in (signal.SIGINT, signal.SIGTERM): signal.signal(n, lambda *a: print('no'))\n"
        "print('ready')\nwhile True: time.sleep(1)\n"
    )
    run = run_once(folder.write(body, rules="timeout = 0.5"))
    assert run.exit is None
    assert text(run) == "ready\n", "what it prints during the stop is not its output"


def test_a_grandchild_left_behind_is_named_and_removed(folder: Folder) -> None:
    snippet = folder.write(f"import subprocess\nsubprocess.Popen({SLEEP})\n")
    run = run_once(snippet)
    assert run.leaks == (f"process {' '.join(SLEEP)}",)
    assert f"left running, and ended by the runner: {run.leaks[0]}" in problems(snippet, run)


def test_a_grandchild_in_its_own_session_is_found_too(folder: Folder) -> None:
    body = f"import subprocess\nsubprocess.Popen({SLEEP}, start_new_session=True)\n"
    assert run_once(folder.write(body)).leaks == (f"process {' '.join(SLEEP)}",)


def test_a_grandchild_of_a_hung_program_is_removed(folder: Folder) -> None:
    body = f"import subprocess\nsubprocess.Popen({SLEEP}, start_new_session=True).wait()\n"
    assert run_once(folder.write(body, rules="timeout = 0.5")).exit is None


def test_a_daemon_thread_left_behind_is_named(folder: Folder) -> None:
    body = "import threading\nthreading.Thread(target=threading.Event().wait, daemon=True, name='lost').start()\n"
    assert run_once(folder.write(body)).leaks == ("thread lost",)


def test_helpers_of_multiprocessing_are_not_a_leak(folder: Folder) -> None:
    body = (
        "import multiprocessing\n"
        "if __name__ == '__main__':\n"
        "    context = multiprocessing.get_context('forkserver')\n"
        "    child = context.Process(target=print, args=('child',)); child.start(); child.join()\n"
    )
    assert run_once(folder.write(body)).leaks == ()


def test_a_flood_is_stopped(folder: Folder) -> None:
    snippet = folder.write("while True: print('x' * 1000)\n")
    run = run_once(snippet)
    assert "printed more than 64 KiB; the rest was discarded" in problems(snippet, run)
    assert run.seconds < 5
    assert sum(len(event.text) for event in run.events) <= capture.MAX_OUTPUT


def test_a_segfault_has_the_status_of_its_signal(folder: Folder) -> None:
    snippet = folder.write("import ctypes\nprint('before')\nctypes.string_at(0)\n")
    run = run_once(snippet)
    assert run.exit == -signal.SIGSEGV
    assert text(run) == "before\n"
    assert "ended with exit status -11, not 0" in problems(snippet, run)


@pytest.mark.parametrize(("body", "status"), [("import os; os._exit(3)", 3), ("raise SystemExit(4)", 4), ("1/0", 1)])
def test_exit_status_is_the_real_one(folder: Folder, body: str, status: int) -> None:
    snippet = folder.write(f"print('before')\n{body}\n")
    run = run_once(snippet)
    assert (run.exit, text(run)) == (status, "before\n")
    assert f"ended with exit status {status}, not 0" in problems(snippet, run)


def test_reading_stdin_ends_at_once(folder: Folder) -> None:
    snippet = folder.write("input()\n")
    run = run_once(snippet)
    assert "EOFError" in problems(snippet, run)


def test_bytes_that_are_not_utf8(folder: Folder) -> None:
    snippet = folder.write("import sys\nsys.stdout.buffer.write(b'caf\\xe9\\n')\n")
    run = run_once(snippet)
    assert text(run) == "caf\\xe9\n"
    assert "printed bytes to stdout that are not UTF-8" in problems(snippet, run)


def test_a_closed_stdout_does_no_harm(folder: Folder) -> None:
    run = run_once(folder.write("import os, sys\nprint('before')\nsys.stdout.close()\nos.close(2)\n"))
    assert text(run) == "before\n"


def test_a_line_without_an_end(folder: Folder) -> None:
    run = run_once(folder.write("import sys\nsys.stdout.write('no end')\n"))
    assert [line.text for line in compare.observe(run).lines] == ["no end"]


def test_ctrl_c_works_where_the_builder_ignores_it(folder: Folder) -> None:
    body = "import signal\ntry: signal.raise_signal(signal.SIGINT)\nexcept KeyboardInterrupt: print('interrupted')\n"
    ours = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        assert text(run_once(folder.write(body))) == "interrupted\n"
    finally:
        signal.signal(signal.SIGINT, ours)


def test_a_closed_terminal_ends_a_program_where_the_builder_ignores_it(folder: Folder) -> None:
    ours = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        assert run_once(folder.write("import signal\nsignal.raise_signal(signal.SIGHUP)\n")).exit == -signal.SIGHUP
    finally:
        signal.signal(signal.SIGHUP, ours)


def test_many_at_once_keep_to_the_limit_and_all_report(folder: Folder) -> None:
    snippets = [folder.write(f"print({n})\n", name=f"number_{n}") for n in range(20)]
    seen: dict[int, str] = {}
    jobs = [Job(snippet.path, interpreters.own(), 10) for snippet in snippets]
    runner.run_all(jobs, 6, lambda index, run: seen.update({index: text(run)}))
    assert seen == {n: f"{n}\n" for n in range(20)}


def test_a_batch_can_run_outside_the_main_thread(folder: Folder) -> None:
    # Zensical renders pages in another thread.
    snippet, seen = folder.write("print('hello')\n"), []
    thread = threading.Thread(target=lambda: seen.append(run_once(snippet)))
    thread.start()
    thread.join()
    assert text(seen[0]) == "hello\n"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("times", [1, 2])
def test_an_interrupted_batch_leaves_no_process(tmp_path: Path, number: int, times: int) -> None:
    started = tmp_path / "started"
    started.mkdir()
    hung = tmp_path / "hung.py"
    hung.write_text(
        "import os, pathlib, signal, subprocess, time\n"
        "for n in (signal.SIGINT, signal.SIGTERM): signal.signal(n, signal.SIG_IGN)\n"
        f"child = subprocess.Popen({SLEEP}, start_new_session=True)\n"
        f"pathlib.Path({str(started)!r}, str(os.getpid())).touch()\n"
        "time.sleep(60)\n",
        encoding="utf-8",
    )
    batch = tmp_path / "batch.py"
    batch.write_text(
        "from pathlib import Path\n"
        "from pleasestop.snippets import capture, interpreters, runner\n"
        f"jobs = [runner.Job(Path({str(hung)!r}), interpreters.own(), 10)] * 4\n"
        "runner.run_all(jobs, 4, lambda *_: None)\n",
        encoding="utf-8",
    )
    process = subprocess.Popen([sys.executable, batch], stderr=subprocess.PIPE)
    deadline = time.monotonic() + 20
    while len(list(started.iterdir())) < 4:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    for _ in range(times):
        os.kill(process.pid, number)
        time.sleep(0.05 * (times - 1))
    _, errors = process.communicate(timeout=20)
    assert process.returncode in (-number, 128 + number), errors.decode()


@pytest.mark.parametrize(
    ("size", "fault"),
    [(250_000, "printed more than 64 KiB"), (10_000_000, "wrote more at once than the runner can take")],
)
def test_a_large_print_at_once_is_a_clear_fault(folder: Folder, size: int, fault: str) -> None:
    snippet = folder.write(f"print('x' * {size})\n")
    assert fault in problems(snippet, run_once(snippet))


def run_here(program: Path, limit: float = 60) -> Run:
    """Run a program of the reader's own."""
    seen: list[Run] = []
    runner.run_all([Job(program, interpreters.own(), limit, here=True)], 1, lambda _, run: seen.append(run))
    return seen[0]


def test_a_program_of_the_readers_own_may_print_much(folder: Folder) -> None:
    run = run_here(folder.write("for n in range(20_000): print('x' * 50, n)\n").path)
    assert (run.exit, run.fault) == (0, None)
    assert run.dropped > 0
    assert text(run).startswith(f"{'x' * 50} 0\n")
    assert text(run).endswith(f"{'x' * 50} 19999\n")


def test_a_program_of_the_readers_own_may_write_much_at_once(folder: Folder) -> None:
    run = run_here(folder.write("import os, sys\nsys.exit(os.write(1, b'x' * 500_000) != 500_000)\n").path)
    assert (run.exit, run.fault) == (0, None)
    assert text(run) == "x" * 500_000


def test_a_flood_of_the_readers_own_program_ends_at_the_limit(folder: Folder) -> None:
    run = run_here(folder.write("while True: print('x' * 5000)\n").path, 0.5)
    assert run.exit is None
    assert run.seconds < 5


def test_a_child_that_keeps_a_stream_open_does_not_keep_the_run(folder: Folder) -> None:
    run = run_here(folder.write("import subprocess\nprint('end')\nsubprocess.Popen(['sleep', '60'])\n").path, 30)
    assert (run.exit, text(run)) == (0, "end\n")
    assert run.leaks == ("process sleep 60",)


def test_a_program_of_the_readers_own_has_a_terminal_where_we_have_one(folder: Folder) -> None:
    program = folder.write(
        "import os, sys\n"
        "assert sys.stdin.isatty() and sys.stdout.isatty() and sys.stderr.isatty()\n"
        "name = input('name? ')\n"
        "print(f'\\x1b[31mhello {name}\\x1b[0m', os.get_terminal_size().columns)\n"
    ).path
    script = (
        "from pathlib import Path\n"
        "from pleasestop.snippets import interpreters, runner\n"
        f"job = runner.Job(Path({str(program)!r}), interpreters.own(), 30, here=True)\n"
        "seen = []\n"
        "runner.run_all([job], 1, lambda _, run: seen.append(run))\n"
        "print([event.text for event in seen[0].printed], seen[0].exit)\n"
    )
    ours, theirs = os.openpty()
    termios.tcsetwinsize(theirs, (30, 77))
    command = [sys.executable, "-c", script]
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True):
        os.close(theirs)
        shown = b""
        while b"name? " not in shown:
            shown += os.read(ours, 1000)
        os.write(ours, b"Ann\n")
        with contextlib.suppress(OSError):  # the program has closed its end
            while data := os.read(ours, 1000):
                shown += data
    os.close(ours)
    assert b"\x1b[31mhello Ann\x1b[0m 77\r\n" in shown
    assert b"['hello Ann 77\\n', 'name? '] 0" in shown
