"""Compare what a run printed with what was approved."""

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from packaging.version import Version

from pleasestop.catalog import WRONGS, Rules, Snippet
from pleasestop.runner import Run, Stream

_FRAME = re.compile(r'^(?P<margin>[\s|+]*)File ".*", line \d+')
_PY_PATH = re.compile(r"[^\s:\"']*/(?P<name>[\w.<>-]+\.py)(?!\w)(?::\d+(?=:))?")
_TOLD = re.compile(r"^(?P<key>python|stderr|exit|stopped)\| ?(?P<rest>.*)$")
MASK = "…"
WENT_RIGHT = "went right: it declares that "
"""How every problem begins where a wrong example, or a declared leak, did not come."""


@dataclass(frozen=True)
class Line:
    """One line of output, without its end, and the stream that it was written to."""

    stream: Stream
    text: str


@dataclass(frozen=True)
class Output:
    """What a program printed and how it ended, as a page shows it.

    `end` is None for a plain exit with status 0. `python` is the label of the Python that
    printed it. Tracebacks have no frames (their paths and lines belong to a machine), and
    the paths of Python files are cut down to names.
    """

    python: str
    lines: tuple[Line, ...]
    end: str | None

    def as_text(self) -> str:
        """Write it as an approved output: one line each, marked where it is not stdout."""
        rows = [f"python| {self.python}"]
        rows += [line.text if line.stream == "stdout" else f"stderr| {line.text}".rstrip() for line in self.lines]
        if self.end is not None:
            rows.append(self.end)
        return "\n".join(rows) + "\n"


def observed(run: Run) -> Output:
    """Return what a run printed and how it ended."""
    return Output(run.python.label, tuple(_without_frames(_lines(run))), _end(run))


def approved(path: Path) -> Output:
    """Read an approved output. Raises `ValueError` where its first line names no Python."""
    python, lines, end = None, [], None
    for row in path.read_text(encoding="utf-8").splitlines():
        told = _TOLD.match(row)
        if told is None:
            lines.append(Line("stdout", row))
        elif told["key"] == "python":
            python = told["rest"]
        elif told["key"] == "stderr":
            lines.append(Line("stderr", told["rest"]))
        else:
            end = row
    if python is None:
        raise ValueError("its first line must say `python| ` and the Python that printed it")
    return Output(python, tuple(lines), end)


def _end(run: Run) -> str | None:
    if run.exit is None:
        return "stopped| it was still running"
    return None if run.exit == 0 else f"exit| {run.exit}"


def _lines(run: Run) -> Iterable[Line]:
    """Join pieces into lines; a line stands where its end was written."""
    partial: dict[Stream, str] = {"stdout": "", "stderr": ""}
    for event in run.printed:
        *whole, partial[event.stream] = (partial[event.stream] + event.text).split("\n")
        yield from (Line(event.stream, text) for text in whole)
    yield from (Line(stream, text) for stream, text in partial.items() if text)


def _without_frames(lines: Iterable[Line]) -> Iterable[Line]:
    """Replace each run of traceback frames by one `...`, and paths by names."""
    margin: str | None = None
    for line in lines:
        frame = _FRAME.match(line.text)
        if frame is not None:
            if margin is None:
                yield Line(line.stream, frame["margin"] + "...")
            margin = frame["margin"]
        elif margin is None or not line.text.startswith(margin + " "):
            margin = None
            yield Line(line.stream, _PY_PATH.sub(lambda match: match["name"], line.text).rstrip())


def comparable(output: Output, rules: Rules) -> list[str]:
    """Reduce an output to what counts: masked parts hidden, swappable neighbours sorted."""
    rows = output.as_text().splitlines()[1:]
    for pattern in rules.masked:
        rows = [pattern.sub(MASK, row) for row in rows]

    def may_swap(row: str) -> bool:
        return any(pattern.search(row) for pattern in rules.unordered)

    compared: list[str] = []
    for swappable, group in groupby(rows, may_swap):
        neighbours = list(group)
        compared += sorted(neighbours) if swappable else neighbours
    return compared


def describe(rules: Rules) -> list[str]:
    """Say to a reader, in sentences, what of an output may vary; empty for `exact`."""
    told = []
    if rules.unordered:
        told.append(f"Lines with {_quoted(rules.unordered)} may swap.")
    if rules.masked:
        told.append(f"What matches {_quoted(rules.masked)} varies.")
    return told


def _quoted(patterns: Sequence[re.Pattern[str]]) -> str:
    return " or ".join(f"`{pattern.pattern}`" for pattern in patterns)


def problems(snippet: Snippet, run: Run) -> list[str]:
    """Judge a run by what its snippet declares and what was approved; empty if all holds.

    Each problem is a text for whoever must mend it.
    """
    found = conduct(snippet, run)
    printed = observed(run)
    path = snippet.approved_for(run.python.version)
    command = f"pleasestop approve {snippet.name}"
    if path is None:
        return [*found, f"has no approved output; look at it and approve it: {command}"]
    try:
        expected = approved(path)
    except ValueError as error:
        return [*found, f"{path}: {error}; write it anew: {command}"]
    before, after = comparable(expected, snippet.rules), comparable(printed, snippet.rules)
    if before != after:
        diff = difflib.unified_diff(before, after, path.name, printed.python, lineterm="")
        found.append(
            "printed other than approved:\n" + "\n".join(f"    {row}" for row in diff) + "\n"
            f"  If what it prints now is right: {command} --python {run.python.path}{_hint(path, run.python.version)}"
        )
    return found


def _hint(path: Path, version: Version) -> str:
    """Offer to keep the output of newer versions where the run was on an older one."""
    minor = f"{version.major}.{version.minor}"
    return "" if f".{minor}." in path.name else f" [--up-to {minor}]"


def conduct(snippet: Snippet, run: Run) -> list[str]:
    """Judge how the run went, whatever it printed; returns problems as `problems` does."""
    rules, found = snippet.rules, []
    if run.fault is not None:
        found.append(run.fault)
    if run.exit is None:
        if rules.wrong != "hangs" and run.fault is None:
            stacks = "\n".join(f"    {row}" for row in run.stacks.splitlines()[:40])
            where = f"; its threads stood at:\n{stacks}" if stacks else ""
            found.append(f"was still running after {rules.timeout:g} s and was stopped{_kept_alive(run)}{where}")
    elif rules.wrong == "hangs":
        found.append(f"{WENT_RIGHT}it {WRONGS['hangs']}, and it ended (exit {run.exit})")
    elif rules.wrong == "fails" and run.exit == 0:
        found.append(f"{WENT_RIGHT}it {WRONGS['fails']}, and it ended with exit status 0")
    elif run.exit != rules.exit:
        errors = "\n".join(f"    {line.text}" for line in observed(run).lines if line.stream == "stderr")
        found.append(
            f"ended with exit status {run.exit}, not {rules.exit}" + (f"; its errors:\n{errors}" if errors else "")
        )
    if rules.seen is not None and rules.seen not in observed(run).as_text():
        found.append(f"{WENT_RIGHT}{rules.seen!r} is printed, and it was not")
    kinds = {leak.partition(" ")[0] for leak in run.leaks}
    undeclared = [leak for leak in run.leaks if leak.partition(" ")[0] not in rules.leaves]
    if undeclared:
        found.append(f"left running, now ended: {', '.join(undeclared)}")
    if run.exit is not None:
        for kind in sorted(rules.leaves - kinds):
            found.append(f"{WENT_RIGHT}it leaves a {kind} running, and it left none")
    return found


def _kept_alive(run: Run) -> str:
    """Tell a program whose main thread is done from one that hangs in its own code."""
    main = run.stacks.rpartition("most recent call first)")[2]
    return " (the main program had ended: other threads kept it alive)" if "in _shutdown" in main else ""
