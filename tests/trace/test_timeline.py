"""Lanes, rows and drawings of a run."""

import gzip
from collections.abc import Callable
from dataclasses import replace
from xml.etree import ElementTree

from pleasestop.snippets.interpreters import Interpreter
from pleasestop.snippets.model import Snippet
from pleasestop.trace import svg
from pleasestop.trace.events import trace_events
from pleasestop.trace.recordings import Recordings
from pleasestop.trace.replay import replay_view
from pleasestop.trace.source import Source
from pleasestop.trace.timeline import MOST_ROWS, Lane, Row, Step, Timeline, build_timeline
from tracing import ROOT, SNIPPETS, story, timeline_of, trace

Write = Callable[..., Snippet]


def test_an_event_that_wakes_a_thread_has_an_arrow(write: Write, newest: Interpreter) -> None:
    snippet = write(
        "import threading\n"
        "go, waiting = threading.Event(), threading.Lock()\n"
        "def work() -> None:\n    go.wait()\n"
        "thread = threading.Thread(target=work)\n"
        "thread.start()\n"
        "while not go._cond._waiters:\n    pass\n"  # it waits now
        "go.set()\n"
        "thread.join()\n"
    )
    timeline = timeline_of(snippet, trace(snippet, newest))
    woken = [row for row in timeline.rows if row.mark == "wake"]
    assert [(row.label, timeline.lanes[row.to or 0].name) for row in woken] == [("go.set()", "work")]


def test_an_answer_stands_beside_its_question_across_a_row_of_another_thread(write: Write, newest: Interpreter) -> None:
    snippet = write(
        "import threading, time\n"
        "from concurrent.futures import Future\n"
        "began, asked = threading.Event(), threading.Event()\n"
        "def work() -> None:\n    began.set()\n    asked.wait()\n    time.sleep(0.01)\n"
        "thread = threading.Thread(target=work)\n"
        "thread.start()\n"
        "began.wait()\n"  # its lane is there before the row that is moved into it
        "Future().cancel()\n"
        "asked.set()\n"
        "thread.join()\n"
    )
    events = list(trace_events(trace(snippet, newest)))
    answer = next(event for event in events if event.kind == "future.cancel")
    between = next(event for event in events if event.details == ("sleep",))
    events.remove(between)
    events.insert(events.index(answer), replace(between, at=answer.at))
    labels = [row.label for row in build_timeline(events, Source(snippet.text)).rows]
    assert labels.index("Future().cancel() → True") < labels.index("time.sleep(0.01)")


def test_an_await_that_returns_after_an_error_is_not_an_error(write: Write, newest: Interpreter) -> None:
    """The inner coroutine catches the cancellation and returns: the outer one goes on."""
    snippet = write(
        "import asyncio\n"
        "async def inner() -> int:\n"
        "    try:\n        await asyncio.sleep(60)\n"
        "    except asyncio.CancelledError:\n        return 7\n"
        "async def work() -> None:\n    await inner()\n    await asyncio.sleep(0)\n"
        "async def main() -> None:\n"
        "    task = asyncio.create_task(work())\n"
        "    await asyncio.sleep(0)\n    task.cancel()\n    await task\n"
        "asyncio.run(main())\n"
    )
    events = list(trace_events(trace(snippet, newest)))
    assert any("StopIteration" in str(event.details) for event in events if event.kind == "delivered")
    rows = build_timeline(events, Source(snippet.text)).rows
    assert not any("StopIteration" in row.label for row in rows)
    assert [row.state for row in rows if row.label == "await asyncio.sleep(0)"] == ["suspended", "suspended"]


def test_repetition_is_one_row(write: Write, newest: Interpreter) -> None:
    snippet = write("import time\nfor _ in range(20):\n    time.sleep(0.003)\n")
    labels = [label for _, _, label in story(snippet, newest)]
    assert labels == ["time.sleep(0.003)", "⋮ the same 19 times more", "program ends"]


def test_a_form_feed_moves_no_line(write: Write, newest: Interpreter) -> None:
    snippet = write("import time\n\x0c\ntime.sleep(0.01)\n")
    assert ("main program", "tick", "time.sleep(0.01)") in story(snippet, newest)


def test_every_drawing_is_well_formed_small_and_in_order() -> None:
    recordings = Recordings(ROOT / "records/traces")
    names = recordings.names()
    assert len(names) > 50
    for name in names:
        recording = recordings.get(SNIPPETS[name])
        assert recording is not None, f"python dev.py approve {name}"
        timeline = build_timeline(recording.events, Source(SNIPPETS[name].program))
        assert 0 < len(timeline.rows) <= MOST_ROWS, name
        # Names of libraries are not for readers.
        assert all(len(lane.name) < 40 and "__main__" not in lane.name for lane in timeline.lanes), name
        assert not any("_deliver_cancellation" in row.label for row in timeline.rows), name
        drawing = svg.draw(timeline, "it", "Title")
        ids = [element.get("id") for element in ElementTree.fromstring(drawing.svg).iter() if element.get("id")]
        assert len(ids) == len(set(ids)), name
        assert len(gzip.compress(drawing.svg.encode())) <= 2048, name
        ElementTree.fromstring(svg.draw_to_scale(timeline, "it", "Title").svg)
        for lane in range(len(timeline.lanes)):
            asked = [index for index, row in enumerate(timeline.rows) if row.mark == "ask" and row.to == lane]
            delivered = [
                index
                for index, row in enumerate(timeline.rows)
                if row.mark == "deliver" and row.lane == lane and row.label.startswith("GeneratorExit")
            ]
            if asked and delivered:
                assert min(asked) < max(delivered), f"{name}: a request is made before it is delivered"


def test_a_view_has_a_row_for_each_event_and_a_stop_for_each_step() -> None:
    rows = (Row(0.0, 0, "wake", "b.start()", "runs", 1), Row(0.5, 1, "returned", "ends", ""))
    timeline = Timeline((Lane("a", "thread"), Lane("b", "thread")), rows, (Step(0.0004, 0, 2, 0, 1),))
    view = replay_view(timeline, "it", "CPython", "legend.md", show_scale=True)
    assert [(row.when, row.lane, row.label, row.to, row.state) for row in view.rows] == [
        ("0.00 s", "a", "b.start()", "b", "runs"),
        ("0.50 s", "b", "ends", "", "ended"),
    ]
    assert view.steps == "[[0,0,2,0,1]]"
    assert len(view.sizes) == 2
