"""`pleasestop watch`: run a program of the reader's own and write its replay as one HTML file."""

import asyncio
from collections.abc import Iterator
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
from pleasestop.trace import timeline as timelines
from pleasestop.trace.events import OLDEST, can_trace, trace_events, traced
from pleasestop.trace.replay import STATIC, TEMPLATES, legend_signs, replay_view
from pleasestop.trace.source import Source
from pleasestop.trace.timeline import build_timeline


def default_interpreter() -> Interpreter | None:
    """Return the interpreter that runs this program if it can be traced, else the newest found that can."""
    candidates = (interpreters.own(), *interpreters.find_all())
    return next((one for one in candidates if can_trace(one)), None)


def watch(program: Path, arguments: tuple[str, ...], interpreter: Interpreter, limit: float, out: Path) -> str:
    """Run `program` for at most `limit` seconds, write its replay to `out`, and return how it ended.

    Raises `PleaseStopError` for a program that cannot be read, an interpreter that cannot be
    traced, a file that cannot be written, and a run that ended without anything to draw.
    """
    if not can_trace(interpreter):
        raise PleaseStopError(
            f"{interpreter.label} cannot be traced: that needs CPython {OLDEST} or newer; name one with --python PATH."
        )
    if not out.parent.is_dir():
        raise PleaseStopError(f"{out}: there is no folder {out.parent}; create it, or name another file with --out.")
    try:
        text = program.read_text(encoding="utf-8")
        source = Source(text)
    except (OSError, UnicodeDecodeError) as error:
        raise PleaseStopError(f"{program}: cannot be read: {error}.") from None
    except SyntaxError as error:
        raise PleaseStopError(
            f"{program}:{error.lineno}: {error.msg}; fix it, or call pleasestop with a Python that reads it."
        ) from None
    run = asyncio.run(runner.run(traced(Job(program.resolve(), interpreter, limit, here=True, arguments=arguments))))
    timeline = build_timeline(trace_events(run), source)
    if not timeline.rows and run.exit is not None:
        printed = "".join(event.text for event in run.printed)
        raise PleaseStopError(
            f"{program}: nothing to draw; it {_ended(run, limit)}, and in its own text starts, stops, wakes and waits "
            f"for nothing.{f' It printed:{chr(10)}{printed}' if printed else ''}"
        )
    ended = " ".join([f"{program.name} {_ended(run, limit)}; watched on {interpreter.label}.", *_left_out(run)])
    if len(timeline.rows) > timelines.LONGEST:
        half = timelines.LONGEST // 2
        ended += f" {len(timeline.rows) - 2 * half} rows in the middle are left out."
        timeline = timelines.ends(timeline, half)
    page = _environment().get_template("report.html.j2")
    replay = replay_view(timeline, "program", interpreter.label, "#signs") if timeline.rows else None
    html = page.render(
        title=f"{program.name}, watched",
        ended=ended,
        style=Markup((STATIC / "replay.css").read_text(encoding="utf-8") + _colours()),
        code=Markup(highlight(text, PythonLexer(stripnl=False), HtmlFormatter(wrapcode=True))),
        printed=run.printed,
        replay=replay,
        stacks=run.stacks,
        signs=legend_signs(),
        script=Markup((STATIC / "replay.js").read_text(encoding="utf-8")),
        url=str,
    )
    try:
        atomic_write(out, html)
    except OSError as error:
        raise PleaseStopError(f"{out}: cannot be written: {error.strerror}; name another file with --out.") from None
    return ended


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
        why = run.fault or f"did not end in {limit:g} s"
        return f"{why}; it was stopped, and this page shows where each part of it stood"
    return "ended" if run.exit == 0 else f"ended with status {run.exit}"


def _left_out(run: Run) -> Iterator[str]:
    if run.dropped:
        yield f"It did and printed too much to keep: {run.dropped:,} events in the middle are left out."
