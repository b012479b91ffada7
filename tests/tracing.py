"""Write and trace programs: what the tests of this folder share."""

from pathlib import Path

from pleasestop.snippets import interpreters, parse, runner
from pleasestop.snippets.cache import job
from pleasestop.snippets.interpreters import Interpreter
from pleasestop.snippets.model import Snippet
from pleasestop.snippets.runner import Run
from pleasestop.trace.events import can_trace, trace_events, traced
from pleasestop.trace.source import Source
from pleasestop.trace.timeline import Timeline, build_timeline

ROOT = Path(__file__).resolve().parents[1]
SNIPPETS, _ = parse.load(ROOT / "snippets")
FOUND = (*interpreters.find_all(), interpreters.own())
ABLE = [interpreter for interpreter in interpreters.find_all() if can_trace(interpreter)]
TOO_OLD = [interpreter for interpreter in FOUND if not can_trace(interpreter)]


def trace_all(snippets: list[Snippet], interpreter: Interpreter) -> list[Run]:
    """Trace one run of each snippet, eight at once."""
    runs: dict[int, Run] = {}
    runner.run_all([traced(job(snippet, interpreter)) for snippet in snippets], 8, runs.__setitem__)
    return [runs[index] for index in range(len(snippets))]


def trace(snippet: Snippet, interpreter: Interpreter) -> Run:
    """Trace one run of a snippet."""
    return trace_all([snippet], interpreter)[0]


def timeline_of(snippet: Snippet, run: Run) -> Timeline:
    """Return the timeline of a traced run."""
    return build_timeline(trace_events(run), Source(snippet.text))


def story(snippet: Snippet, interpreter: Interpreter) -> list[tuple[str, str, str]]:
    """Return lane, mark and label of each row of a traced run."""
    timeline = timeline_of(snippet, trace(snippet, interpreter))
    return [(timeline.lanes[row.lane].name, row.mark, row.label) for row in timeline.rows]
