"""What is recorded of a snippet, and how long it counts."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pleasestop.messages import PleaseStopError
from pleasestop.snippets import parse, runner
from pleasestop.snippets.interpreters import Interpreter
from pleasestop.snippets.model import Snippet
from pleasestop.snippets.runner import Run
from pleasestop.trace import recordings
from pleasestop.trace.events import trace_events
from pleasestop.trace.recordings import Recordings, record
from tracing import trace

Write = Callable[..., Snippet]


def test_a_recording_counts_until_the_program_changes(write: Write, newest: Interpreter, tmp_path: Path) -> None:
    snippet = write("import time\ntime.sleep(0.01)\nprint(1)\n", output="1\n")
    kept = Recordings(tmp_path / "traces")
    assert kept.get(snippet) is None
    kept.put(snippet, record([(snippet, newest)])["try_it"])
    read = Recordings(tmp_path / "traces").get(snippet)
    assert read is not None
    assert read.version == str(newest.version)
    assert [event.kind for event in read.events].count("stdout") == 1
    assert kept.names() == ["try_it"]

    text = snippet.path.read_text(encoding="utf-8")
    snippet.path.write_text(text.replace('"""It holds."""', '"""It holds.\n\nReally.\n"""'), encoding="utf-8")
    moved = parse.read(snippet.path, tmp_path / "snippets")
    assert Recordings(tmp_path / "traces").get(moved) == read, "a docstring is not the program"
    snippet.path.write_text(text + "print(2)\n", encoding="utf-8")
    assert Recordings(tmp_path / "traces").get(parse.read(snippet.path, tmp_path / "snippets")) is None


def test_spans_count_the_lines_of_the_program(write: Write, newest: Interpreter) -> None:
    snippet = write("import time\ntime.sleep(0.01)\n", output="")
    (made,) = record([(snippet, newest)]).values()
    lines = {event.span[0] for event in made.events if event.span is not None and event.kind == "block"}
    assert [snippet.program.split("\n")[line - 1] for line in lines] == ["time.sleep(0.01)"]


def test_a_traced_run_that_deviates_is_not_kept(write: Write, newest: Interpreter) -> None:
    body = "import sys\nprint(any(map(sys.monitoring.get_tool, range(6))))\n"
    snippet = write(body, output="False\n")
    problems: list[str] = []
    assert record([(snippet, newest)], lambda _, __, found: problems.extend(found)) == {}
    assert len(problems) == recordings.RUNS


def test_the_most_usual_run_is_kept(write: Write, newest: Interpreter, monkeypatch: pytest.MonkeyPatch) -> None:
    snippet = write("import time\ntime.sleep(0.01)\n", output="")
    usual = trace(snippet, newest)
    rare = replace(usual, events=usual.events[:-1])

    def run_all(_: object, __: int, done: Callable[[int, Run], None]) -> None:
        for position, run in enumerate([rare, usual, rare, usual, usual]):
            done(position, run)

    monkeypatch.setattr(runner, "run_all", run_all)
    events = record([(snippet, newest)])["try_it"].events
    assert len(events) == len(trace_events(usual))
    monkeypatch.setattr(recordings, "MOST_EVENTS", len(events) - 1)
    assert record([(snippet, newest)])["try_it"].events == ()


def test_a_file_that_is_not_a_recording_is_named(write: Write, tmp_path: Path) -> None:
    snippet = write("print(1)\n")
    (tmp_path / "try_it.json").write_text("{}", encoding="utf-8")
    with pytest.raises(PleaseStopError, match=r"try_it\.json: this is not a recording; .*dev\.py approve try_it"):
        Recordings(tmp_path).get(snippet)
