"""Compare what a run did with what is expected of it."""

import difflib
import re
from collections.abc import Iterable

from pleasestop.snippets.model import WRONGS, Expectation, Snippet
from pleasestop.snippets.output import Line, Output, Stream
from pleasestop.snippets.runner import Run

WENT_RIGHT = "went right: it declares that "
"""How every problem begins where a wrong example, or a declared leak, did not happen."""

_FRAME = re.compile(r'^(?P<margin>[\s|+]*)File ".*", line \d+')
_PY_PATH = re.compile(r"[^\s:\"']*/(?P<name>[\w.<>-]+\.py)(?!\w)(?::\d+(?=:))?")


def observe(run: Run) -> Output:
    """Return what a run printed and how it ended, without what belongs to the machine."""
    return Output(run.interpreter.label, tuple(_without_frames(_lines(run))), run.exit)


def _lines(run: Run) -> Iterable[Line]:
    """Join pieces into lines; a line stands where its end was written."""
    partial: dict[Stream, str] = {"stdout": "", "stderr": ""}
    for event in run.printed:
        stream: Stream = "stderr" if event.stream == "stderr" else "stdout"
        *whole, partial[stream] = (partial[stream] + event.text).split("\n")
        yield from (Line(stream, text) for text in whole)
    yield from (Line(stream, text) for stream, text in partial.items() if text)


def _without_frames(lines: Iterable[Line]) -> Iterable[Line]:
    """Replace each series of traceback frames by one `...`, and paths by names."""
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


def describe(expectation: Expectation) -> str:
    """Return a sentence for the reader on what of an output may vary, "" if nothing may."""
    if not expectation.masked:
        return ""
    return f"What matches {' or '.join(f'`{pattern}`' for pattern in expectation.masked)} varies."


def problems(snippet: Snippet, run: Run) -> list[str]:
    """Return what is wrong with a run: its conduct, and what differs from the approved output.

    Each problem is a text for the person who must fix it; an empty list means that all holds.
    """
    found = conduct(snippet, run)
    # The output of a run that went wrong is not worth approving, so the remedy is not named.
    return found or [text for text in [difference(snippet, run)] if text]


def difference(snippet: Snippet, run: Run) -> str | None:
    """Return how the output of a run differs from the approved one, with the remedy; None if it does not."""
    printed = observe(run)
    approved = snippet.approved_for(run.interpreter.version, run.interpreter.variant)
    command = f"python dev.py approve {snippet.name}"
    if approved is None:
        return f"has no approved output; read what it prints and approve it: {command}"
    before = approved.output.compared(snippet.expectation.patterns)
    after = printed.compared(snippet.expectation.patterns)
    if before == after:
        if approved.fingerprint == snippet.fingerprint:
            return None
        return f"the program changed since {approved.path.name} was approved; it still prints that: {command}"
    diff = difflib.unified_diff(before, after, approved.path.name, printed.python, lineterm="")
    minor = f"{run.interpreter.version.major}.{run.interpreter.version.minor}"
    older = ""
    if run.interpreter.variant:
        command += f" --python {run.interpreter.path}"
    elif approved.up_to is None and len(snippet.approved) == 1:
        older = (
            f"\n  If only Python {minor} and older print this: "
            f"{command} --python {run.interpreter.path} --up-to {minor}"
        )
    return (
        "printed something else than approved:\n" + "\n".join(f"    {row}" for row in diff) + "\n"
        f"  If what it prints now is right: {command}{older}"
    )


def conduct(snippet: Snippet, run: Run) -> list[str]:
    """Return what is wrong with how a run went, whatever it printed."""
    expected, found = snippet.expectation, []
    if run.fault is not None:
        found.append(run.fault)
    if run.exit is None:
        if expected.wrong != "hangs" and run.fault is None:
            stacks = "\n".join(f"    {row}" for row in run.stacks.splitlines()[:40])
            where = f"; its threads stood at:\n{stacks}" if stacks else ""
            found.append(f"was still running after {expected.timeout:g} s and was stopped{_kept_alive(run)}{where}")
    elif expected.wrong == "hangs":
        found.append(f"{WENT_RIGHT}it {WRONGS['hangs']}, and it ended (exit status {run.exit})")
    elif expected.wrong == "fails" and run.exit == 0:
        found.append(f"{WENT_RIGHT}it {WRONGS['fails']}, and it ended with exit status 0")
    elif run.exit != expected.exit:
        # With the frames, for they name the line that failed.
        rows = "".join(event.text for event in run.printed if event.stream == "stderr").splitlines()[-20:]
        errors = "\n".join(f"    {row}" for row in rows)
        found.append(
            f"ended with exit status {run.exit}, not {expected.exit}" + (f"; its errors:\n{errors}" if errors else "")
        )
    if expected.seen is not None and expected.seen not in "\n".join(observe(run).rows()):
        found.append(f"{WENT_RIGHT}{expected.seen!r} is printed, and it was not")
    kinds = {leak.partition(" ")[0] for leak in run.leaks}
    undeclared = [leak for leak in run.leaks if leak.partition(" ")[0] not in expected.leaves]
    if undeclared:
        found.append(f"left running, and ended by the runner: {', '.join(undeclared)}")
    if run.exit is not None:
        for kind in sorted(expected.leaves - kinds):
            found.append(f"{WENT_RIGHT}it leaves a {kind} running, and it left none")
    return found


def _kept_alive(run: Run) -> str:
    """Return a remark for a program whose main thread ended while other threads ran."""
    main = run.stacks.rpartition("most recent call first)")[2]
    return " (the main program had ended: other threads kept it alive)" if "in _shutdown" in main else ""
