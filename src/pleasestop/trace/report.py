"""`pleasestop watch`: run a program of the reader's own and write its replay as one HTML file."""

import asyncio
import dataclasses
import os
import signal
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import jinja2
from markupsafe import Markup
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer
from pygments.util import ClassNotFound

from pleasestop.files import atomic_write
from pleasestop.messages import PleaseStopError
from pleasestop.snippets import interpreters, runner
from pleasestop.snippets.interpreters import Interpreter
from pleasestop.snippets.runner import Job, Run
from pleasestop.trace import outside, snapshot
from pleasestop.trace.diagnosis import PAGES, Finding, diagnose
from pleasestop.trace.events import OLDEST, can_trace, trace_events, traced
from pleasestop.trace.replay import STATIC, TEMPLATES, legend_signs, replay_view
from pleasestop.trace.snapshot import SNAPSHOT, Process, executed, read_processes
from pleasestop.trace.source import Source
from pleasestop.trace.timeline import LONGEST, MOST_LANES, at_rest, build_timeline, ends


def default_interpreter() -> Interpreter | None:
    """Return the interpreter that runs this program if it can be traced, else the newest found that can."""
    candidates = (interpreters.own(), *interpreters.find_all())
    return next((one for one in candidates if can_trace(one)), None)


@dataclass(frozen=True)
class Report:
    """What was seen of a watched program: how it ended, and why it did not stop if it was stopped."""

    ended: str
    findings: tuple[Finding, ...]
    out: Path


def watched(job: Job) -> Job:
    """Return the same job, to be traced, and asked where everything stands when it is stopped."""
    return dataclasses.replace(traced(job), snapshot=SNAPSHOT)


def watch(job: Job, out: Path, site: str = "") -> Report:
    """Run a program, write its replay and its diagnosis to `out`, and return what is said of it.

    Ctrl-C and SIGTERM stop the program as its limit does, and the file is written. `site` is
    the address of the documentation, for links. Raises `PleaseStopError` for an interpreter
    that cannot be traced, a program that cannot be read, a file that cannot be written (before
    the run where that can be seen), and a run that ended without anything to draw.
    """
    if not can_trace(job.interpreter):
        raise PleaseStopError(
            f"{job.interpreter.label} cannot be traced: that needs CPython {OLDEST} or newer; name one with --python "
            "PATH."
        )
    _refuse_target(out)
    text, source = _read(job)
    run = asyncio.run(_run(watched(job)))
    events = trace_events(run)
    timeline = build_timeline(events, source)
    processes = read_processes(run.processes)
    findings = tuple(diagnose(processes, events, str(job.program))) if run.exit is None else ()
    if run.exit is None and not any(process.busy for process in processes):
        timeline = at_rest(timeline)
    name = job.module or job.program.name
    if not timeline.rows and run.exit is not None:
        printed = "".join(event.text for event in run.printed)
        raise PleaseStopError(
            f"{name}: nothing to draw: it {_ended(run, job.limit)}, and its own text makes no call that is drawn."
            f"{f' It printed:{chr(10)}{printed}' if printed else ''}"
        )
    ended = " ".join([f"{name} {_ended(run, job.limit)}; watched on {job.interpreter.label}.", *_left_out(run)])
    if len(timeline.rows) > LONGEST:
        half = LONGEST // 2
        ended += f" {len(timeline.rows) - 2 * half} rows in the middle are left out."
        timeline = ends(timeline, half)
    if timeline.left_out:
        ended += (
            f" {timeline.left_out} lanes are left out: of those that did the same, the first three are drawn, and no "
            f"more than {MOST_LANES} in all."
        )
    if left := [leak for leak in run.leaks if leak.startswith("process ")]:
        ended += f" It left behind, and watching stopped: {', '.join(left)}."
    report = Report(ended, findings, out)
    _write(
        report,
        name,
        site,
        processes,
        code=Markup(highlight(text, PythonLexer(stripnl=False), HtmlFormatter(wrapcode=True))),
        printed=run.printed,
        replay=replay_view(timeline, "program", job.interpreter.label, "#signs") if timeline.rows else None,
    )
    return report


def look(pid: int, out: Path, site: str = "") -> Report:
    """Say where a process that runs already stands, and write a page on it; the process goes on.

    Raises `PleaseStopError` as `outside.ask` does, and for a file that cannot be written.
    """
    _refuse_target(out)
    processes = read_processes(outside.ask(pid))
    findings = tuple(diagnose(processes, (), ""))
    report = Report(f"Process {pid}, as it stood when it was looked at.", findings, out)
    _write(report, f"process {pid}", site, processes, code="", printed=(), replay=None)
    return report


def _write(report: Report, name: str, site: str, processes: Sequence[Process], **program: object) -> None:
    html = (
        _environment()
        .get_template("report.html.j2")
        .render(
            title=f"{name}, watched",
            ended=report.ended,
            findings=[(finding.text, *_page(finding, site)) for finding in report.findings],
            processes=processes,
            executed=executed,
            style=Markup((STATIC / "replay.css").read_text(encoding="utf-8") + _colours()),
            signs=legend_signs(),
            script=Markup((STATIC / "replay.js").read_text(encoding="utf-8")),
            url=str,
            **program,
        )
    )
    try:
        atomic_write(report.out, html)
    except OSError as error:
        raise PleaseStopError(
            f"{report.out}: cannot be written: {error.strerror}; name another file with --out."
        ) from None


_COMPILE = """
import sys
try:
    compile(sys.stdin.buffer.read(), "program", "exec")
except SyntaxError as error:
    sys.exit(print(f"{error.lineno}: {error.msg}", end="") or 1)
"""


def _refuse_target(out: Path) -> None:
    if not out.parent.is_dir():
        raise PleaseStopError(f"{out}: there is no folder {out.parent}; create it, or name another file with --out.")
    if out.is_dir():
        raise PleaseStopError(f"{out}: is a folder; name a file with --out.")
    if not os.access(out.parent, os.W_OK):
        raise PleaseStopError(f"{out}: the folder {out.parent} cannot be written to; name another file with --out.")


def _read(job: Job) -> tuple[str, Source]:
    """Return the program's text and what is known of it, whatever its encoding."""
    text = snapshot.source(str(job.program))
    if text is None:
        raise PleaseStopError(f"{job.program}: cannot be read as Python source.")
    # The Python that runs the program decides what it can read.
    command = [str(job.interpreter.path), "-I", "-c", _COMPILE]
    done = subprocess.run(command, input=job.program.read_bytes(), capture_output=True, check=False)
    if done.returncode != 0:
        raise PleaseStopError(f"{job.program}:{done.stdout.decode()}; fix it.")
    return text, Source(text)


async def _run(job: Job) -> Run:
    """Run a job until it ends or the first Ctrl-C or SIGTERM."""
    interrupt, loop = asyncio.Event(), asyncio.get_running_loop()
    numbers = (signal.SIGINT, signal.SIGTERM)
    for number in numbers:
        loop.add_signal_handler(number, interrupt.set)
    try:
        return await runner.run(job, interrupt)
    finally:
        for number in numbers:
            loop.remove_signal_handler(number)


def _page(finding: Finding, site: str) -> tuple[str, str]:
    """Return title and address of the page that tells the way out; the address is "" if the site's is."""
    if not finding.page:
        return "", ""
    title, page = PAGES[finding.page]
    return title, f"{site}{page.removesuffix('.md')}/" if site else ""


def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )


def _colours() -> str:
    light: str = HtmlFormatter(style="default").get_style_defs(".highlight")  # type: ignore[no-untyped-call]
    try:
        dark: str = HtmlFormatter(style="github-dark").get_style_defs(".highlight")  # type: ignore[no-untyped-call]
    except ClassNotFound:
        return light
    return f"{light}\n@media (prefers-color-scheme: dark) {{ {dark} .highlight {{ background: transparent; }} }}"


def _ended(run: Run, limit: float) -> str:
    if run.exit is None:
        why = f"did not end in {limit:g} s" if run.seconds >= limit else f"was interrupted after {run.seconds:.1f} s"
        return f"{run.fault or why}, and was stopped"
    return "ended" if run.exit == 0 else f"ended with status {run.exit}"


def _left_out(run: Run) -> Iterator[str]:
    if run.dropped:
        yield f"It did and printed too much to keep: {run.dropped:,} events in the middle are left out."
