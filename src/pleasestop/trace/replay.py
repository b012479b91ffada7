"""What a page shows of a traced run: a drawing, its table, and the steps for the script."""

import json
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from pleasestop.trace import svg
from pleasestop.trace.timeline import State, Timeline

TEMPLATES = Path(__file__).parent / "templates"
"""The folder of the templates that render a replay."""
STATIC = Path(__file__).parent / "static"
"""The folder of the stylesheet and the script of replays."""

_STATES: dict[State, str] = {
    "": "ended",
    "runs": "runs",
    "suspended": "suspended",
    "blocked": "blocked",
    "cleans": "cleaning up",
}

_MEANINGS: tuple[tuple[str, str], ...] = (
    ("run", "The lane runs. For a thread: the operating system decides when it runs."),
    ("sus", "Suspended: a task at an `await`, or a generator at a `yield`. A cancellation can be delivered here."),
    ("blk", "Blocked: a thread or a process waits in a call. No exception can be delivered until the call returns."),
    ("cln", "Cleaning up, in `finally` or `except`, after a cancellation was delivered."),
    ("new", "Created, but not started yet."),
    ("ask", "A request to stop, from its sender to its receiver. An arrow from the left edge: the sender has no lane."),
    ("wake", "This lane creates or wakes up the other one, for example by `create_task`, `start()` or an event."),
    ("deliver", "A cancellation is delivered: this line raises the exception. Or a signal's handler is called."),
    ("raise", "Another exception is raised."),
    ("returned", "The lane ends by returning."),
    ("cancelled", "The lane ends as cancelled, or as a generator that was closed."),
    ("failed", "The lane ends with an error, or is ended by a signal."),
)


@dataclass(frozen=True)
class RowView:
    """A row of the table: when, which lane, what, the lane that an arrow leads to ("" if none), the state from then."""

    when: str
    lane: str
    label: str
    to: str
    state: str


@dataclass(frozen=True)
class ReplayView:
    """A replay of a traced run on the interpreter with the label `interpreter`.

    `legend` is the address of the page that explains the signs. `drawing` is None where only
    the drawing `to_scale` is shown. `steps` is JSON for the script: a list of [milliseconds,
    lane, line, row, lines printed].
    """

    name: str
    interpreter: str
    legend: str
    drawing: svg.Drawing | None
    to_scale: svg.Drawing | None
    rows: tuple[RowView, ...]
    steps: str

    @property
    def sizes(self) -> list[tuple[float, float]]:
        """Width and height of each drawing."""
        return [(one.width, one.height) for one in (self.drawing, self.to_scale) if one is not None]


@dataclass(frozen=True)
class LegendSign:
    """A sign of a drawing, as an SVG, and its meaning."""

    svg: Markup
    meaning: str


def replay_view(
    timeline: Timeline, name: str, interpreter: str, legend: str, *, show_replay: bool = True, show_scale: bool = False
) -> ReplayView:
    """Return the view of a timeline."""
    rows = (
        RowView(
            f"{row.at:.2f} s",
            timeline.lanes[row.lane].name,
            row.label,
            "" if row.to is None or row.to == row.lane else timeline.lanes[row.to].name,
            _STATES[row.state],
        )
        for row in timeline.rows
    )
    steps = [[round(step.at * 1000), step.lane, step.line, step.row, step.printed] for step in timeline.steps]
    return ReplayView(
        name=name,
        interpreter=interpreter,
        legend=legend,
        drawing=svg.draw(timeline, f"{name}-replay", f"What {name} did, step by step") if show_replay else None,
        to_scale=svg.draw_to_scale(timeline, f"{name}-scale", f"What {name} did, to scale") if show_scale else None,
        rows=tuple(rows),
        steps=json.dumps(steps, separators=(",", ":")),
    )


def legend_signs() -> list[LegendSign]:
    """Return every sign with its meaning."""
    return [LegendSign(Markup(svg.draw_sign(sign)), meaning) for sign, meaning in _MEANINGS]
