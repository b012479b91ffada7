"""`pleasestop watch`: run somebody's own program and write its replay as one HTML file."""

import asyncio
import html
from pathlib import Path

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer
from pygments.util import ClassNotFound

from pleasestop import picture, runner, timeline, watching
from pleasestop.check import write_whole
from pleasestop.errors import PleaseStopError
from pleasestop.picture import ASSETS, legend
from pleasestop.pythons import Python
from pleasestop.runner import Event, Job, Run

_PAGE = """<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{
  max-width: 46rem; margin: 0 auto; padding: 1rem;
  font: 16px/1.5 system-ui, sans-serif; color: CanvasText; background: Canvas;
}}
figure {{ margin: 1em 0; border: 1px solid #8886; border-radius: 6px; overflow: clip; font-size: 20px; }}
body > pre {{ font-size: 13px; overflow-x: auto; }}
figure pre {{ margin: 0; padding: 0; position: relative; overflow-x: auto; font-size: 13px; line-height: 1.45; }}
figure pre > code, figure samp {{
  display: block; padding: 0.7em 1em; font-family: ui-monospace, monospace; line-height: 19px;
}}
.ps-output {{ border-top: 1px solid #8886; }}
figure:has(> .ps-output samp:empty) > .ps-output {{ display: none; }}
.ps-stderr {{ color: #a35a00; }}
table {{ border-collapse: collapse; font-size: 14px; }}
:is(th, td) {{ padding: 0.2em 0.8em 0.2em 0; text-align: left; vertical-align: top; }}
.ps-legend svg {{ width: 60px; }}
.ps-replay {{ padding: 0.5rem 1rem; border-top: 1px solid #8886; font-size: 14px; }}
{css}
@media (prefers-color-scheme: dark) {{ .ps-tl {{ --tl-run: #9fa8ff; --tl-ask: #ff9d91; }} }}
{pygments}
</style>
<h1>{title}</h1>
<p>{ended}</p>
<figure>
{code}
<div class="ps-output"><pre class="ps-printed"><samp>{output}</samp></pre></div>
{replay}
</figure>
{stacks}
<h2 id="signs">How to read this</h2>
<p>Time flows down, one row per event. Inside a column and along an arrow the order was forced;
elsewhere it is the order of this one run.</p>
{legend}
<script>{script}</script>
</html>
"""

_STOOD = """<h2>Where its threads stood when it was stopped</h2>
<p>The innermost call first. A task that waits is in no thread.</p>
<pre>{}</pre>"""


def watch(program: Path, arguments: tuple[str, ...], python: Python, limit: float, out: Path) -> str:
    """Run `program` for at most `limit` seconds, write its replay to `out`, and tell how it ended.

    Raises `PleaseStopError` for a program that cannot be read, a Python that cannot be
    watched, and a run that ended and of which there is nothing to draw.
    """
    if not watching.can_watch(python):
        raise PleaseStopError(
            f"{python.label} cannot be watched: that needs CPython {watching.OLDEST} or newer; "
            "name one with --python PATH."
        )
    try:
        text = program.read_text(encoding="utf-8")
        source = timeline.Source(text)
    except (OSError, UnicodeDecodeError) as error:
        raise PleaseStopError(f"{program}: cannot be read: {error}.") from None
    except SyntaxError as error:
        raise PleaseStopError(
            f"{program}:{error.lineno}: {error.msg}; mend it, or call pleasestop with a Python that reads it."
        ) from None
    job = Job(program.resolve(), python, limit, watch=True, here=True, arguments=arguments)
    run = asyncio.run(runner.run(job))
    told = timeline.tell(watching.moments(run), source)
    if not told.rows and run.exit is not None:
        raise PleaseStopError(
            f"{program}: nothing to draw; it {_ended(run, limit)}, and in its own text starts, stops, wakes and waits "
            f"for nothing.{_printed(run)}"
        )
    ended = f"{program.name} {_ended(run, limit)}; watched on {python.label}."
    if run.lost:
        ended += f" It did too much to keep: {run.lost:,} moments in the middle are left out, the ends are here."
    if len(told.rows) > timeline.LONGEST:
        half = timeline.LONGEST // 2
        left_out = len(told.rows) - 2 * half
        told = timeline.ends(told, half)
        ended += f" {left_out} rows in the middle are left out."
    page = _PAGE.format(
        title=html.escape(f"{program.name}, watched"),
        ended=html.escape(ended),
        css=(ASSETS / "replay.css").read_text(encoding="utf-8"),
        pygments=_colours(),
        code=highlight(text, PythonLexer(stripnl=False), HtmlFormatter(wrapcode=True)),
        output="".join(map(_piece, run.printed)),
        replay=picture.replay(told, "program", python.label, "#signs") if told.rows else "",
        stacks=_STOOD.format(html.escape(run.stacks)) if run.stacks else "",
        legend=legend(),
        script=(ASSETS / "replay.js").read_text(encoding="utf-8"),
    )
    write_whole(out, page)
    return ended


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


def _printed(run: Run) -> str:
    text = "".join(event.text for event in run.printed)
    return f" It printed:\n{text}" if text else ""


def _piece(event: Event) -> str:
    text = html.escape(event.text, quote=False)
    return f'<span class="ps-stderr">{text}</span>' if event.stream == "stderr" else text
