"""An approved output reads back as it was written, whatever a program prints."""

import random

import pytest

from pleasestop.messages import PleaseStopError
from pleasestop.snippets import compare, output
from pleasestop.snippets.output import Line, Output
from snippet_folder import Folder, run_once

MARKS = ("python| x", "program| x", "stdout| x", "stderr| boom", "exit| 3", "stopped| x", "exit|", "stderr|")


def round_trip(printed: Output) -> Output:
    read, fingerprint = output.parse(output.dump(printed, "0f3a9c7b12de"))
    assert fingerprint == "0f3a9c7b12de"
    return read


@pytest.mark.parametrize("text", [*MARKS, "", " ", "a\x0cb", "\x0c", "a\rb", "a\x1cb\x85c", "…"])
def test_a_line_of_stdout_reads_back_and_is_no_mark(text: str) -> None:
    printed = Output("CPython 3.15.0 on Linux", (Line("stdout", text), Line("stdout", "end")), 0)
    assert round_trip(printed) == printed


def test_an_output_that_looks_like_another_differs_from_it() -> None:
    honest = Output("P", (Line("stderr", "boom"),), 3)
    forged = Output("P", (Line("stdout", "stderr| boom"), Line("stdout", "exit| 3")), 0)
    assert honest.rows() != forged.rows()
    assert honest.compared([]) != forged.compared([])
    assert round_trip(forged) == forged


def test_random_outputs_read_back() -> None:
    chance = random.Random(20261127)
    letters = "ab| \x0c\r\x1c…"
    for _ in range(2000):
        lines = []
        for _ in range(chance.randrange(5)):
            text = chance.choice(["", *MARKS]) + "".join(chance.choices(letters, k=chance.randrange(6)))
            stream = chance.choice(["stdout", "stderr"])
            # What is written to stderr loses spaces at its end, as tracebacks have them.
            lines.append(Line("stdout", text) if stream == "stdout" else Line("stderr", text.rstrip()))
        printed = Output("P", tuple(lines), chance.choice([0, 1, -9, None]))
        assert round_trip(printed) == printed


@pytest.mark.parametrize("text", ["", "a\n", "python| P\n", "python| P\na\n", "program| x\npython| P\n"])
def test_a_file_without_its_first_two_lines_is_refused(folder: Folder, text: str) -> None:
    with pytest.raises(ValueError, match="its first two lines must be"):
        output.parse(text)
    snippet = folder.write("print(1)\n")
    snippet.output_path(None).write_text(text, encoding="utf-8")
    with pytest.raises(PleaseStopError, match=r"try_it\.out: its first two lines .* python dev\.py approve try_it"):
        folder.read()


def test_a_program_s_output_reads_back(folder: Folder) -> None:
    snippet = folder.write("import sys\nprint('a\\n')\nprint('exit| 9')\nprint('b', file=sys.stderr)\nsys.exit(3)\n")
    run = run_once(snippet)
    printed = compare.observe(run)
    text = output.dump(printed, snippet.fingerprint)
    assert output.parse(text) == (printed, snippet.fingerprint)
    head = f"python| {run.interpreter.label}\nprogram| {snippet.fingerprint}\n"
    assert text == f"{head}a\n\nstdout| exit| 9\nstderr| b\nexit| 3\n"
