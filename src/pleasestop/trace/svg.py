"""Draw a timeline as SVG.

Time flows down, one row per event, one column per lane, the labels at the right. Colours,
dashes and fonts are in the stylesheet (`static/replay.css`), by the classes used here. A
pattern shows the state and a shape the event, so nothing depends on colour.
"""

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pleasestop.trace.timeline import Mark, Row, State, Timeline

WIDTH = 348
"""Units of the drawing's width; at 360 pixels of screen a unit is about a pixel."""

_FIRST = 58  # where the first lane stands; left of it are the times
_NARROWEST = 180  # room that labels have at least, in units; more lanes make a wider drawing
_LETTER = 6.7  # width of a letter of a label, in units
_LINE = 14  # height of a line of a label
_HEAD = 15  # height of a name above its lane
_BAR = 12  # width of a lane's bar
_STATES: dict[State, str] = {"runs": "run", "suspended": "sus", "blocked": "blk", "cleans": "cln"}


@dataclass(frozen=True)
class Drawing:
    """An SVG element, and its size in its own units."""

    svg: str
    width: float
    height: float


def draw(timeline: Timeline, name: str, title: str) -> Drawing:
    """Draw a timeline; `name` makes the ids in it unique on a page, `title` is read aloud first."""
    lanes = _lanes(len(timeline.lanes))
    labels = lanes[-1] + 14 if lanes else _FIRST
    width = max(WIDTH, labels + _NARROWEST)
    room = int((width - labels) / _LETTER)
    texts = [_wrapped(row.label, room) for row in timeline.rows]
    top = _HEAD * len(lanes) + 12
    ys: list[float] = []
    height = float(top)
    for text in texts:
        ys.append(height + _LINE / 2)
        height += _LINE * len(text) + 9
    parts = [
        f'<svg class="ps-tl" role="img" aria-labelledby="{name}-t {name}-d" viewBox="0 0 {width} {height:g}" '
        f'width="{width}" height="{height:g}">',
        f'<title id="{name}-t">{html.escape(title)}</title>',
        f'<desc id="{name}-d">{html.escape(_described(timeline))}</desc>',
        f'<pattern id="{name}-h" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<path class="hat" d="M0 0V5"/></pattern>',
    ]
    for index, lane in enumerate(timeline.lanes):
        head = _HEAD * (index + 1) - 3
        parts.append(f'<text class="h" x="{lanes[index] - 4}" y="{head}">{html.escape(lane.name)}</text>')
        parts.append(f'<path class="up" d="M{lanes[index]} {head + 4}V{height - 8:g}"/>')
    for index in range(len(lanes)):
        own = [(y, row.state) for row, y in zip(timeline.rows, ys, strict=True) if row.lane == index]
        made = next((y for row, y in zip(timeline.rows, ys, strict=True) if row.to == index and row.mark == "wake"), 0)
        parts += _bars(own, made, lanes[index], height - 6, f"{name}-h")
    stamped = ""
    for row, text, y in zip(timeline.rows, texts, ys, strict=True):
        time = f"{row.at:.1f} s"
        stamp = "" if time == stamped else f'<text class="m" x="34" y="4" text-anchor="end">{time}</text>'
        stamped = time
        parts.append(f'<g class="r" transform="translate(0 {y:g})">{stamp}{_event(row, lanes, labels)}')
        for number, line in enumerate(text):
            parts.append(
                f'<text class="c" x="{labels}" y="{4 + number * _LINE}">{html.escape(line, quote=False)}</text>'
            )
        parts.append("</g>")
    return Drawing("".join([*parts, "</svg>"]), width, height)


def _lanes(count: int) -> list[int]:
    """Return where each lane stands; up to three have room, more stand closer."""
    pitch = 28 if count <= 3 else max(15, 84 // (count - 1))
    return [_FIRST + pitch * index for index in range(count)]


def _wrapped(label: str, room: int) -> list[str]:
    """Break a label into at most three lines of `room` letters, at blanks and after `(`, `,`, `.` and `_`."""
    lines = [""]
    for piece in re.findall(r"[^\s(,._]*[(,._]+|[^\s(,._]+|\s+", label):
        fits = len(lines[-1]) + len(piece.rstrip()) <= room
        lines = [*lines[:-1], lines[-1] + piece] if fits else [*lines, " " + piece.lstrip()]
    shown = [line[:room].rstrip() for line in lines if line.strip()] or [""]
    return shown if len(shown) <= 3 else [*shown[:2], shown[2][: room - 2] + " …"]


def _described(timeline: Timeline) -> str:
    names = ", ".join(lane.name for lane in timeline.lanes)
    return f"Lanes: {names}. {len(timeline.rows)} events; the table below the drawing lists them."


def _bars(own: Sequence[tuple[float, State]], made: float, x: int, end: float, hatch: str) -> Iterator[str]:
    """Draw what a lane does between its events: where which state begins, and where it was created (0 if unknown)."""
    if own and 0 < made < own[0][0]:
        yield f'<path class="new" d="M{x} {made:g}V{own[0][0]:g}"/>'
    spans: list[tuple[float, float, State]] = []
    for (y, state), after in zip(own, [*(later for later, _ in own[1:]), end], strict=False):
        if spans and spans[-1][2] == state:
            spans[-1] = (spans[-1][0], after, state)
        elif state:
            spans.append((y, after, state))
    for y, after, state in spans:
        fill = f' fill="url(#{hatch})"' if state == "cleans" else ""
        yield (
            f'<rect class="{_STATES[state]}"{fill} x="{x - _BAR // 2}" y="{y:g}" width="{_BAR}" '
            f'height="{after - y:g}" rx="2"/>'
        )


def _event(row: Row, lanes: Sequence[int], labels: int) -> str:
    """Draw the sign of one event, at height 0, and the line that leads to its label."""
    x = lanes[row.lane]
    thread = f'<path class="row" d="M{x} 0H{labels - 4}"/>'
    if row.mark in ("ask", "wake"):
        kind = "ask" if row.mark == "ask" else "wake"
        if row.to is None or row.to == row.lane:  # from outside, or to itself
            start, tip = x - 20, x - _BAR // 2
        else:
            forward = lanes[row.to] > x
            start = x + (_BAR // 2 if forward else -_BAR // 2)
            tip = lanes[row.to] + (-_BAR // 2 if forward else _BAR // 2)
        back = tip - 8 if tip > start else tip + 8
        return f'{thread}<path class="{kind}" d="M{start} 0H{back}"/><path class="{kind}h" d="M{tip} 0L{back} -5V5z"/>'
    return thread + _SIGNS[row.mark].replace("@", str(x))


# One sign for each other kind of event; `@` stands for the lane's place.
_CROSS = 'transform="translate(@)" d="M-3-3l6 6m0-6l-6 6"'
_SIGNS: dict[Mark, str] = {
    "tick": '<circle class="tick" cx="@" r="2.6"/>',
    "deliver": f'<path class="ev" d="M@ -9l9 9l-9 9l-9-9z"/><path class="x" {_CROSS}/>',
    "raise": '<path class="rs" d="M@ -7l7 7l-7 7l-7-7z"/>',
    "returned": '<circle class="end" cx="@" r="6.5"/><circle class="dot" cx="@" r="3"/>',
    "cancelled": f'<circle class="end" cx="@" r="6.5"/><path class="xe" {_CROSS}/>',
    "failed": '<circle class="bad" cx="@" r="6.5"/><path class="x" transform="translate(@)" d="M0-4V1M0 3V4"/>',
}


SCALE_WIDTH = 340
"""Units of the width of a drawing to scale."""


def draw_to_scale(timeline: Timeline, name: str, title: str) -> Drawing:
    """Draw the same to scale, time from left to right, for a program whose duration is the point."""
    total = max((row.at for row in timeline.rows), default=0.0) or 0.1
    left, right = 6, SCALE_WIDTH - 10
    unit = (right - left) / total
    pitch = 34
    height = pitch * len(timeline.lanes) + 26
    parts = [
        f'<svg class="ps-tl" role="img" aria-labelledby="{name}-t" viewBox="0 0 {SCALE_WIDTH} {height}" '
        f'width="{SCALE_WIDTH}" height="{height}"><title id="{name}-t">{html.escape(title)}</title>'
        f'<pattern id="{name}-h" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<path class="hat" d="M0 0V5"/></pattern>'
    ]
    for index, lane in enumerate(timeline.lanes):
        y = pitch * index + 14
        parts.append(f'<text class="h" x="{left}" y="{y}">{html.escape(lane.name)}</text>')
        own = [row for row in timeline.rows if row.lane == index]
        for row, after in zip(own, [*own[1:], None], strict=False):
            end = after.at if after is not None else total
            if row.state and end > row.at:
                fill = f' fill="url(#{name}-h)"' if row.state == "cleans" else ""
                parts.append(
                    f'<rect class="{_STATES[row.state]}"{fill} x="{left + row.at * unit:.1f}" y="{y + 4}" '
                    f'width="{max(1.5, (end - row.at) * unit):.1f}" height="10" rx="2"/>'
                )
        for row in timeline.rows:
            target = row.lane if row.to is None else row.to
            x = left + row.at * unit
            if row.mark == "ask" and target == index:
                parts.append(f'<path class="askh" d="M{x:.1f} {y + 4}l-4-7h8z"/>')
            elif row.lane == index and row.mark in ("returned", "cancelled", "failed"):
                parts.append(f'<circle class="end" cx="{x:.1f}" cy="{y + 9}" r="5"/>')
    base = pitch * len(timeline.lanes) + 6
    parts.append(f'<path class="row" d="M{left} {base}H{right}"/>')
    for tick in _ticks(total):
        x = left + tick * unit
        anchor = "start" if x < 20 else "end" if x > right - 20 else "middle"
        parts.append(
            f'<path class="row" d="M{x:.1f} {base}v4"/>'
            f'<text class="m" x="{x:.1f}" y="{base + 16}" text-anchor="{anchor}">{tick:g} s</text>'
        )
    return Drawing("".join([*parts, "</svg>"]), SCALE_WIDTH, height)


def _ticks(total: float) -> list[float]:
    """Return two to six round numbers of seconds from 0 to `total`."""
    step = next((size for size in (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10) if total / size <= 6), total)
    return [round(step * number, 4) for number in range(int(total / step) + 1)]


def draw_sign(sign: str) -> str:
    """Draw one sign alone, as an SVG of 60 by 24."""
    inside = _sample(sign)
    return f'<svg class="ps-tl" viewBox="0 0 60 24" width="60" height="24" aria-hidden="true">{inside}</svg>'


def _sample(sign: str) -> str:
    if sign in _STATES.values():
        hatch = (
            '<pattern id="legend-h" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
            '<path class="hat" d="M0 0V5"/></pattern>'
        )
        fill = ' fill="url(#legend-h)"' if sign == "cln" else ""
        return f'{hatch if fill else ""}<rect class="{sign}"{fill} x="24" y="1" width="{_BAR}" height="22" rx="2"/>'
    if sign == "new":
        return '<path class="new" d="M30 1V23"/>'
    if sign in ("ask", "wake"):
        return f'<path class="{sign}" d="M8 12H44"/><path class="{sign}h" d="M52 12L44 7V17z"/>'
    marks: dict[str, str] = {str(mark): drawn for mark, drawn in _SIGNS.items()}
    return f'<g transform="translate(0 12)">{marks[sign].replace("@", "30")}</g>'
