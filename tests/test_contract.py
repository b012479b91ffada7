"""How what was printed is compared with what was approved."""

import re
from collections.abc import Callable

import pytest

from conftest import run_once
from pleasestop import contract, pythons
from pleasestop.catalog import Rules, Snippet
from pleasestop.contract import Line, Output
from pleasestop.runner import Event, Run

Write = Callable[..., Snippet]


def run_of(*pieces: tuple[str, str], status: int | None = 0) -> Run:
    events = tuple(Event(0.1, "stderr" if stream == "err" else "stdout", text) for stream, text in pieces)
    return Run(pythons.own(), events, status, 0.1)


def approve(snippet: Snippet, run: Run) -> Snippet:
    """Approve what a run printed, and read the snippet again."""
    path = snippet.output_path(None)
    path.write_text(contract.observed(run).as_text(), encoding="utf-8")
    return type(snippet)(**{**vars(snippet), "approved": {None: path}})


def test_a_line_stands_where_its_end_was_written() -> None:
    run = run_of(("out", "a"), ("err", "x\n"), ("out", "b\n"), ("err", "no end"))
    assert contract.observed(run).lines == (Line("stderr", "x"), Line("stdout", "ab"), Line("stderr", "no end"))


def test_an_approved_output_reads_as_it_was_written(write: Write) -> None:
    snippet = write("import sys\nprint('a\\n')\nprint('b', file=sys.stderr)\nsys.exit(3)\n")
    run = run_once(snippet)
    path = snippet.output_path(None)
    path.write_text(contract.observed(run).as_text(), encoding="utf-8")
    assert contract.approved(path) == contract.observed(run)
    assert path.read_text(encoding="utf-8") == f"python| {run.python.label}\na\n\nstderr| b\nexit| 3\n"


def test_tracebacks_lose_frames_and_keep_errors(write: Write) -> None:
    body = (
        "import asyncio\n"
        "async def fail(): raise ValueError('a')\n"
        "async def main():\n"
        "    async with asyncio.TaskGroup() as group: group.create_task(fail())\n"
        "asyncio.run(main())\n"
    )
    lines = [line.text for line in contract.observed(run_once(write(body))).lines]
    assert lines == [
        "  + Exception Group Traceback (most recent call last):",
        "  |   ...",
        "  | ExceptionGroup: unhandled errors in a TaskGroup (1 sub-exception)",
        "  +-+---------------- 1 ----------------",
        "    | Traceback (most recent call last):",
        "    |   ...",
        "    | ValueError: a",
        "    +------------------------------------",
    ]


def test_paths_of_programs_are_cut_to_names(write: Write) -> None:
    lines = contract.observed(run_once(write("async def f(): pass\nf()\n"))).lines
    assert lines[0] == Line("stderr", "try_it.py: RuntimeWarning: coroutine 'f' was never awaited")


def test_neighbours_may_swap_only_among_themselves() -> None:
    rules = Rules(unordered=(re.compile("^worker"),))
    one = Output("P", tuple(Line("stdout", text) for text in ("worker b", "worker a", "main", "worker c")), None)
    assert contract.comparable(one, rules) == ["worker a", "worker b", "main", "worker c"]


def test_masked_parts_may_vary() -> None:
    rules = Rules(masked=(re.compile(r"\d+ ms"),))
    one = Output("P", (Line("stdout", "took 12 ms"), Line("stderr", "took 7 ms")), None)
    assert contract.comparable(one, rules) == ["took …", "stderr| took …"]


def test_a_reader_is_told_what_may_vary() -> None:
    rules = Rules(unordered=(re.compile("^a"), re.compile("^b")), masked=(re.compile("x"),))
    assert contract.describe(rules) == ["Lines with `^a` or `^b` may swap.", "What matches `x` varies."]
    assert contract.describe(Rules()) == []


def test_the_same_output_on_another_stream_differs(write: Write) -> None:
    snippet = approve(write("print()\n"), run_of(("out", "a\n")))
    assert contract.problems(snippet, run_of(("out", "a\n"))) == []
    assert contract.problems(snippet, run_of(("err", "a\n"))) != []


def test_a_difference_shows_diff_file_python_and_command(write: Write) -> None:
    snippet = approve(write("print()\n"), run_of(("out", "a\n"), ("out", "b\n")))
    (problem,) = contract.problems(snippet, run_of(("out", "a\n"), ("out", "c\n")))
    assert "--- try_it.out" in problem
    assert f"+++ {pythons.own().label}" in problem
    assert "    -b\n    +c" in problem
    assert f"pleasestop approve try_it --python {pythons.own().path} [--up-to 3." in problem


def test_no_approved_output(write: Write) -> None:
    (problem,) = contract.problems(write("print()\n"), run_of())
    assert problem == "has no approved output; look at it and approve it: pleasestop approve try_it"


def test_an_approved_output_without_its_python(write: Write) -> None:
    snippet = write("print()\n")
    path = snippet.output_path(None)
    path.write_text("a\n", encoding="utf-8")
    snippet = type(snippet)(**{**vars(snippet), "approved": {None: path}})
    (problem,) = contract.problems(snippet, run_of(("out", "a\n")))
    assert "its first line must say `python| `" in problem
    assert str(path) in problem


HANGS = "import threading\nprint()\nthreading.Event().wait()\n"
LEAKS = "import subprocess\nsubprocess.Popen(['sleep', '977'])\n"


@pytest.mark.parametrize(
    ("rules", "goes_wrong", "goes_right", "said"),
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
    write: Write, rules: str, goes_wrong: str, goes_right: str, said: str
) -> None:
    wrong = write(goes_wrong, rules=rules)
    assert contract.conduct(wrong, run_once(wrong)) == []
    right = write(goes_right, rules=rules)
    assert said in "\n".join(contract.conduct(right, run_once(right)))
