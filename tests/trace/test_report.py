"""`pleasestop watch`: a page on a program of the reader's own."""

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from packaging.version import Version

from pleasestop.cli import main
from pleasestop.messages import PleaseStopError
from pleasestop.snippets import interpreters
from pleasestop.snippets.interpreters import Interpreter
from pleasestop.trace import report
from tracing import TOO_OLD


def watch(path: Path, interpreter: Interpreter, *options: str) -> tuple[int, str, str]:
    """Call the command; return its exit status, what it printed, and the page."""
    out = path.with_suffix(".html")
    words = ["watch", str(path), "--out", str(out), "--python", str(interpreter.path), *options]
    done = CliRunner().invoke(main, words)
    return done.exit_code, done.output, out.read_text(encoding="utf-8") if out.exists() else ""


def test_a_program_that_never_ends_is_drawn_as_far_as_it_got(tmp_path: Path, newest: Interpreter) -> None:
    program = tmp_path / "stuck.py"
    program.write_text("import threading\nprint('<here>')\nthreading.Event().wait()\n")
    status, output, page = watch(program, newest, "--limit", "1")
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
    _, _, page = watch(program, newest, "--", "one", "--two")
    assert f"{tmp_path} my value [&#39;one&#39;, &#39;--two&#39;]" in page


def test_a_program_that_is_stuck_in_one_call_shows_the_call(tmp_path: Path, newest: Interpreter) -> None:
    program = tmp_path / "server.py"
    program.write_text("import socket\nserver = socket.create_server(('127.0.0.1', 0))\nserver.accept()\n")
    status, _, page = watch(program, newest, "--limit", "1")
    assert status == 0
    assert f"File &#34;{program}&#34;, line 3 in &lt;module&gt;" in page


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
    _, _, page = watch(program, newest, "--limit", "1")
    drawing = page[page.index("<svg") : page.index("</svg>")]
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
    words = ["watch", str(program), "--python", str(newest.path), "--out", str(tmp_path / "gone/page.html")]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 1
    assert "there is no folder" in done.output
    assert not (tmp_path / "it ran").exists()


def test_a_page_that_cannot_be_written_is_named(tmp_path: Path, newest: Interpreter) -> None:
    program = tmp_path / "program.py"
    program.write_text("import time\ntime.sleep(0.01)\n")
    (tmp_path / "folder").mkdir()
    with pytest.raises(PleaseStopError, match="folder: cannot be written"):
        report.watch(program, (), newest, 5, tmp_path / "folder")


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
