"""How what was printed is compared with what was approved."""

import dataclasses

import pytest

from pleasestop.snippets import compare, interpreters
from pleasestop.snippets.capture import Event
from pleasestop.snippets.model import Expectation
from pleasestop.snippets.output import Line, Output
from pleasestop.snippets.runner import Run
from snippet_folder import Folder, run_once


def run_of(*pieces: tuple[str, str], status: int | None = 0) -> Run:
    events = tuple(Event(0.1, "stderr" if stream == "err" else "stdout", text) for stream, text in pieces)
    return Run(interpreters.own(), events, status, 0.1)


def test_a_line_stands_where_its_end_was_written() -> None:
    run = run_of(("out", "a"), ("err", "x\n"), ("out", "b\n"), ("err", "no end"))
    assert compare.observe(run).lines == (Line("stderr", "x"), Line("stdout", "ab"), Line("stderr", "no end"))


def test_tracebacks_lose_frames_and_keep_errors(folder: Folder) -> None:
    body = (
        "import asyncio\n"
        "async def fail(): raise ValueError('a')\n"
        "async def main():\n"
        "    async with asyncio.TaskGroup() as group: group.create_task(fail())\n"
        "asyncio.run(main())\n"
    )
    assert [line.text for line in compare.observe(run_once(folder.write(body))).lines] == [
        "  + Exception Group Traceback (most recent call last):",
        "  |   ...",
        "  | ExceptionGroup: unhandled errors in a TaskGroup (1 sub-exception)",
        "  +-+---------------- 1 ----------------",
        "    | Traceback (most recent call last):",
        "    |   ...",
        "    | ValueError: a",
        "    +------------------------------------",
    ]


def test_paths_of_programs_are_reduced_to_names(folder: Folder) -> None:
    lines = compare.observe(run_once(folder.write("async def f(): pass\nf()\n"))).lines
    assert lines[0] == Line("stderr", "try_it.py: RuntimeWarning: coroutine 'f' was never awaited")


def test_masked_parts_may_vary() -> None:
    masked = Expectation(masked=(r"\d+ ms",))
    one = Output("P", (Line("stdout", "took 12 ms"), Line("stderr", "took 7 ms")), 0)
    assert one.compared(masked.patterns) == ["took …", "stderr| took …"]
    assert compare.describe(masked) == r"What matches `\d+ ms` varies."
    assert compare.describe(Expectation()) == ""


def test_the_same_output_on_another_stream_differs(folder: Folder) -> None:
    snippet = folder.approve(folder.write("print()\n"), "a\n")
    assert compare.problems(snippet, run_of(("out", "a\n"))) == []
    assert compare.problems(snippet, run_of(("err", "a\n"))) != []


def test_a_difference_shows_diff_file_interpreter_and_command(folder: Folder) -> None:
    snippet = folder.approve(folder.write("print()\n"), "a\nb\n")
    (problem,) = compare.problems(snippet, run_of(("out", "a\n"), ("out", "c\n")))
    assert "--- try_it.out" in problem
    assert f"+++ {interpreters.own().label}" in problem
    assert "    -b\n    +c" in problem
    assert "If what it prints now is right: python dev.py approve try_it\n" in problem
    version = interpreters.own().version
    assert f"approve try_it --python {interpreters.own().path} --up-to 3.{version.minor}" in problem


def test_without_an_approved_output(folder: Folder) -> None:
    (problem,) = compare.problems(folder.write("print()\n"), run_of())
    expected = "has no approved output; read what it prints and approve it: python dev.py approve try_it"
    assert problem == expected


def test_a_changed_program_with_the_same_output_is_to_be_approved(folder: Folder) -> None:
    snippet = folder.approve(folder.write("print()\n"), "a\n", fingerprint="0" * 12)
    (problem,) = compare.problems(snippet, run_of(("out", "a\n")))
    assert problem.startswith("the program changed since try_it.out was approved; it still prints that: python dev.py")


def test_an_exception_shows_its_line_and_no_advice_to_approve(folder: Folder) -> None:
    snippet = folder.approve(folder.write("def f():\n    raise ValueError(3)\nf()\n"), "a\n")
    (problem,) = compare.problems(snippet, run_once(snippet))
    assert "ended with exit status 1, not 0; its errors:" in problem
    assert 'try_it.py", line 4, in f' in problem
    assert "approve" not in problem


HANGS = "import threading\nprint()\nthreading.Event().wait()\n"
LEAKS = "import subprocess\nsubprocess.Popen(['sleep', '977'])\n"


@pytest.mark.parametrize(
    ("rules", "goes_wrong", "goes_right", "message"),
    [
        ('wrong = "hangs"\ntimeout = 0.4', HANGS, "print()\n", "went right: it declares that it is still running"),
        ('wrong = "leaks"\nleaves = ["process"]', LEAKS, "print()\n", "it leaves a process running, and it left none"),
        ('wrong = "fails"\nexit = 1', "1/0\n", "print()\n", "went right: it declares that it ends with an error"),
        (
            'wrong = "misleads"\nseen = "late"',
            "print('late')\n",
            "print('soon')\n",
            "went right: it declares that 'late' is printed",
        ),
    ],
)
def test_a_wrong_example_that_goes_right_is_a_failure(
    folder: Folder, rules: str, goes_wrong: str, goes_right: str, message: str
) -> None:
    wrong = folder.write(goes_wrong, rules=rules)
    assert compare.conduct(wrong, run_once(wrong)) == []
    right = folder.write(goes_right, rules=rules)
    assert message in "\n".join(compare.conduct(right, run_once(right)))


def test_a_leak_that_is_not_declared_is_named(folder: Folder) -> None:
    run = dataclasses.replace(run_of(), leaks=("process sleep 977",))
    assert compare.conduct(folder.write("print()\n"), run) == [
        "left running, and ended by the runner: process sleep 977"
    ]
