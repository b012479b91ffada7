"""`pleasestop watch`: a page on a program of the reader's own."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from packaging.version import Version

from pleasestop.cli import main
from pleasestop.snippets import interpreters
from pleasestop.snippets.interpreters import Interpreter
from pleasestop.trace import report
from tracing import TOO_OLD


def watch(path: Path, interpreter: Interpreter, *arguments: str, limit: str = "10") -> tuple[int, str, str]:
    """Call the command; return its exit status, what it printed, and the page."""
    out = path.with_suffix(".html")
    words = ["watch", "--out", str(out), "--python", str(interpreter.path), "--limit", limit, str(path), *arguments]
    done = CliRunner().invoke(main, words)
    return done.exit_code, done.output, out.read_text(encoding="utf-8") if out.exists() else ""


def drawing_of(page: str) -> str:
    """Return the drawing of a page."""
    return page[page.index("<svg") : page.index("</svg>")]


def test_a_program_that_never_ends_is_drawn_as_far_as_it_got(tmp_path: Path, newest: Interpreter) -> None:
    program = tmp_path / "stuck.py"
    program.write_text("import threading\nprint('<here>')\nthreading.Event().wait()\n")
    status, output, page = watch(program, newest, limit="1")
    assert status == 0
    assert "did not end in 1 s" in output
    assert "threading.Event().wait()" in page
    assert "&lt;here&gt;" in page
    assert "http" not in page.replace("http://www.w3.org/2000/svg", "")


def test_a_program_sees_the_callers_folder_environment_and_arguments(
    tmp_path: Path, newest: Interpreter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MINE", "my value")
    program = tmp_path / "program.py"
    program.write_text("import os, sys, time\ntime.sleep(0)\nprint(os.getcwd(), os.environ['MINE'], sys.argv[1:])\n")
    _, _, page = watch(program, newest, "one", "--two")
    assert f"{tmp_path} my value [&#39;one&#39;, &#39;--two&#39;]" in page


def test_a_program_that_is_stuck_in_one_call_shows_the_call(tmp_path: Path, newest: Interpreter) -> None:
    program = tmp_path / "server.py"
    program.write_text("import socket\nserver = socket.create_server(('127.0.0.1', 0))\nserver.accept()\n")
    status, _, page = watch(program, newest, limit="1")
    assert status == 0
    assert "<code>server.accept()</code> <small>&lt;module&gt;, line 3 of server.py</small>" in page


def test_the_call_that_started_the_loop_is_not_shown_for_a_task(tmp_path: Path, newest: Interpreter) -> None:
    library = tmp_path / "library.py"
    library.write_text(
        "import asyncio\n"
        "async def inner():\n    await asyncio.sleep(0)\n"
        "async def outer():\n    await asyncio.create_task(inner())\n    await asyncio.sleep(60)\n"
        "def serve():\n    asyncio.run(outer())\n"
    )
    program = tmp_path / "program.py"
    program.write_text("import library\nlibrary.serve()\n")
    _, _, page = watch(program, newest, limit="1")
    drawing = drawing_of(page)
    assert "starts: inner()" in drawing
    assert "library.serve()" not in drawing


def test_a_program_that_prints_much_is_not_stopped(tmp_path: Path, newest: Interpreter) -> None:
    program = tmp_path / "chatty.py"
    program.write_text("import time\ntime.sleep(0)\nfor n in range(9000):\n    print('a line of output', n)\n")
    status, output, page = watch(program, newest)
    assert status == 0
    assert "events in the middle are left out" in output
    assert "a line of output 0\n" in page
    assert "a line of output 8999\n" in page


def test_a_long_run_keeps_its_first_and_last_rows(tmp_path: Path, newest: Interpreter) -> None:
    program = tmp_path / "long.py"
    calls = "".join(f"time.sleep({number} * 0)\n" for number in range(900))
    program.write_text(f"import time\n{calls}print('the end')\n")
    status, output, page = watch(program, newest)
    assert status == 0
    assert "rows in the middle are left out" in output
    assert "time.sleep(1 * 0)" in page
    assert "time.sleep(899 * 0)" in page


def test_of_many_lanes_the_odd_ones_are_drawn(tmp_path: Path, newest: Interpreter) -> None:
    program = tmp_path / "wide.py"
    program.write_text(
        "import asyncio\nasync def worker(number):\n    await asyncio.sleep(0)\n    if number == 77:\n"
        "        raise ValueError('odd')\nasync def main():\n"
        "    tasks = [asyncio.create_task(worker(number)) for number in range(100)]\n    await asyncio.wait(tasks)\n"
        "    print([task.exception() for task in tasks].count(None))\nasyncio.run(main())\n"
    )
    status, output, page = watch(program, newest)
    assert status == 0, output
    assert "96 lanes are left out" in output
    drawing = drawing_of(page)
    names = re.findall(r'<text class="h"[^>]*>(.*?)</text>', drawing)
    assert names == ["main", "worker 1", "worker 2", "worker 3", "worker 78"]
    assert "raise ValueError('odd')" in drawing


def test_a_command_that_the_library_starts_for_itself_is_not_drawn(tmp_path: Path, newest: Interpreter) -> None:
    program = tmp_path / "program.py"
    program.write_text(
        "import ctypes.util, subprocess\nctypes.util.find_library('c')\nsubprocess.run(['sleep', '0'])\n"
    )
    _, _, page = watch(program, newest)
    drawing = drawing_of(page)
    assert "subprocess.run(" in drawing
    assert "ldconfig" not in drawing


def test_a_process_that_is_left_behind_is_named(tmp_path: Path, newest: Interpreter) -> None:
    program = tmp_path / "program.py"
    program.write_text(
        "import subprocess, threading\nsubprocess.Popen(['sleep', '61'])\n"
        "threading.Thread(target=threading.Event().wait, daemon=True).start()\n"
    )
    _, output, _ = watch(program, newest)
    assert "It left behind, and watching stopped: process sleep 61." in output


def test_a_call_that_is_not_known_is_drawn_as_blocked(tmp_path: Path, newest: Interpreter) -> None:
    program = tmp_path / "program.py"
    program.write_text("import socket, time\ntime.sleep(0)\n_, reader = socket.socketpair()\nreader.recv(1)\n")
    _, _, page = watch(program, newest, limit="1")
    drawing = drawing_of(page)
    assert '<rect class="blk"' in drawing
    assert '<rect class="run"' not in drawing


def test_a_child_that_nobody_waited_for_ends_in_the_picture(tmp_path: Path, newest: Interpreter) -> None:
    program = tmp_path / "program.py"
    program.write_text(
        "import subprocess, threading\nchild = subprocess.Popen(['true'], stdout=subprocess.PIPE)\n"
        "child.stdout.read()\nthreading.Event().wait()\n"
    )
    _, _, page = watch(program, newest, limit="1")
    drawing = drawing_of(page)
    assert "has exited before" in drawing
    assert drawing.count('<text class="h"') == 2


def test_what_cannot_be_watched_is_named(tmp_path: Path, newest: Interpreter) -> None:
    program = tmp_path / "program.py"
    program.write_text("def (\n")
    assert "program.py:1:" in watch(program, newest)[1]
    program.write_text("print('only this')\n")
    status, output, page = watch(program, newest)
    assert (status, page) == (1, "")
    assert "nothing to draw" in output
    assert "only this" in output
    if TOO_OLD:
        assert "cannot be traced" in watch(program, TOO_OLD[0])[1]


def test_a_folder_that_is_missing_is_named_before_the_run(tmp_path: Path, newest: Interpreter) -> None:
    program = tmp_path / "program.py"
    program.write_text(f"open({str(tmp_path / 'it ran')!r}, 'w')\n")
    words = ["watch", "--python", str(newest.path), "--out", str(tmp_path / "gone/page.html"), str(program)]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 1
    assert "there is no folder" in done.output
    assert not (tmp_path / "it ran").exists()


def test_a_folder_in_place_of_a_file_is_named_before_the_run(tmp_path: Path, newest: Interpreter) -> None:
    program = tmp_path / "program.py"
    program.write_text(f"open({str(tmp_path / 'it ran')!r}, 'w')\n")
    words = ["watch", "--python", str(newest.path), "--out", str(tmp_path), str(program)]
    done = CliRunner().invoke(main, words)
    assert "is a folder; name a file with --out" in done.output
    assert not (tmp_path / "it ran").exists()


def test_a_module_is_run_as_python_m_runs_it(
    tmp_path: Path, newest: Interpreter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tool").mkdir()
    (tmp_path / "tool/__init__.py").touch()
    (tmp_path / "tool/parts.py").write_text("WORD = 'from a relative import'\n")
    (tmp_path / "tool/__main__.py").write_text(
        "import sys, time\nfrom .parts import WORD\ntime.sleep(0)\nprint(WORD, sys.argv[1:])\n"
    )
    done = CliRunner().invoke(
        main, ["watch", "--python", str(newest.path), "--out", "o.html", "-m", "tool", "--seconds", "1"]
    )
    assert done.exit_code == 0, done.output
    page = (tmp_path / "o.html").read_text(encoding="utf-8")
    assert "from a relative import [&#39;--seconds&#39;, &#39;1&#39;]" in page
    assert "time.sleep(0)" in page
    done = CliRunner().invoke(main, ["watch", "--python", str(newest.path), "-m", "no_such_module"])
    assert "finds no such module" in done.output


@pytest.mark.parametrize("head", [b"\xef\xbb\xbf", b"# -*- coding: latin-1 -*-\nname = '\xe9'\n"])
def test_any_source_that_python_reads_is_watched(head: bytes, tmp_path: Path, newest: Interpreter) -> None:
    program = tmp_path / "program.py"
    program.write_bytes(head + b"import time\ntime.sleep(0)\nprint('done')\n")
    status, output, page = watch(program, newest)
    assert status == 0, output
    assert "time.sleep(0)" in page


def test_a_profiler_and_another_tool_work_beside_it(tmp_path: Path, newest: Interpreter) -> None:
    program = tmp_path / "program.py"
    program.write_text(
        "import cProfile, sys, time\ncProfile.run('time.sleep(0)')\ntime.sleep(0)\n"
        "sys.monitoring.use_tool_id(sys.monitoring.DEBUGGER_ID, 'mine')\nprint('both work')\n"
    )
    status, output, page = watch(program, newest)
    assert status == 0, output
    assert "both work" in page


def test_a_function_that_is_called_very_often_is_no_longer_drawn(tmp_path: Path, newest: Interpreter) -> None:
    program = tmp_path / "program.py"
    program.write_text(
        "import time\ndef step():\n    pass\nfor _ in range(100_000):\n    step()\ntime.sleep(0)\nprint('end')\n"
    )
    status, output, page = watch(program, newest)
    assert status == 0, output
    assert "step() does this too often: not drawn from here" in page
    assert "time.sleep(0)" in drawing_of(page)


def test_a_real_time_signal_has_its_number(tmp_path: Path, newest: Interpreter) -> None:
    program = tmp_path / "program.py"
    program.write_text(
        "import signal, subprocess\nsignal.signal(40, lambda *_: print('handled'))\nsignal.raise_signal(40)\n"
        "subprocess.run(['sh', '-c', 'kill -35 $$'])\n"
    )
    status, output, page = watch(program, newest)
    assert status == 0, output
    assert "signal 40: its handler" in page
    assert "ended by signal 35" in page


@pytest.mark.parametrize(
    ("own", "found", "chosen"),
    [("3.12", ["3.15"], "3.12"), ("3.11", ["3.15", "3.14"], "3.15"), ("3.11", ["3.10"], None)],
)
def test_the_default_is_the_own_interpreter_or_else_the_newest_that_can_be_traced(
    own: str, found: list[str], chosen: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interpreter(version: str) -> Interpreter:
        return replace(interpreters.own(), implementation="CPython", version=Version(version))

    known = {version: interpreter(version) for version in (own, *found)}
    monkeypatch.setattr(interpreters, "own", lambda: known[own])
    monkeypatch.setattr(interpreters, "find_all", lambda: tuple(known[version] for version in found))
    assert report.default_interpreter() == (known[chosen] if chosen else None)
