"""Watching a run changes nothing of it, misses nothing that a picture needs, and survives hostile programs."""

import gzip
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser

from conftest import CATALOG, lacking
from pleasestop import catalog, check, cli, contract, picture, proof, pythons, runner, timeline, watching
from pleasestop.catalog import Snippet
from pleasestop.pythons import Python
from pleasestop.runner import Job, Run
from pleasestop.timeline import Source, Timeline

Write = Callable[..., Snippet]
ABLE = [python for python in pythons.others() if watching.can_watch(python)]


@pytest.fixture
def newest() -> Python:
    """The newest Python here that can be watched."""
    if not ABLE:
        lacking(f"no CPython {watching.OLDEST} or newer here")
    return max(ABLE, key=lambda python: python.version)


def watch_all(snippets: list[Snippet], python: Python) -> list[Run]:
    runs: dict[int, Run] = {}
    jobs = [watching.watched(check.job(snippet, python)) for snippet in snippets]
    runner.run_all(jobs, 8, runs.__setitem__)
    return [runs[index] for index in range(len(snippets))]


def watch(snippet: Snippet, python: Python) -> Run:
    return watch_all([snippet], python)[0]


def tell(snippet: Snippet, run: Run) -> Timeline:
    return timeline.tell(watching.moments(run), Source(snippet.path.read_text(encoding="utf-8"), snippet.lines))


def story(snippet: Snippet, python: Python) -> list[tuple[str, str, str]]:
    """Who, which sign, what words, in order."""
    told = tell(snippet, watch(snippet, python))
    return [(told.lanes[row.lane].name, row.mark, row.words) for row in told.rows]


def test_watching_changes_nothing(newest: Python) -> None:
    snippets = [snippet for snippet in CATALOG.values() if newest.admits(snippet)]
    for snippet, run in zip(snippets, watch_all(snippets, newest), strict=True):
        assert not contract.problems(snippet, run), snippet.name


@pytest.mark.parametrize("python", ABLE, ids=lambda python: python.label)
def test_the_request_is_seen_from_asking_to_the_end(python: Python) -> None:
    assert story(CATALOG["cancel_then_wait"], python) == [
        ("main", "wake", "starts; asyncio.create_task(work())"),
        ("main", "tick", "await asyncio.sleep(0)"),
        ("work", "tick", "starts; await asyncio.sleep(60)"),
        ("main", "ask", "task.cancel()"),
        ("main", "tick", "await asyncio.wait([task])"),
        ("work", "deliver", "CancelledError at await asyncio.sleep(60)"),
        ("work", "cancelled", "ends as cancelled"),
        ("main", "returned", "ends"),
    ]


def test_who_asks_is_named(newest: Python) -> None:
    words = [words for _, mark, words in story(CATALOG["timeout_ends_a_slow_block"], newest) if mark == "ask"]
    assert words == ["the timeout cancels main"]
    words = [words for _, mark, words in story(CATALOG["one_failure_stops_the_group"], newest) if mark == "ask"]
    assert words == ["the TaskGroup cancels sleep", "the TaskGroup cancels main"]


def test_threads_processes_futures_generators_signals(newest: Python) -> None:
    names = ["event_then_terminate_then_kill", "queued_call_cancels_running_does_not", "close_runs_finally"]
    found = {name: story(CATALOG[name], newest) for name in names}
    assert ("Process-1", "failed", "ended by SIGKILL") in found[names[0]]
    assert ("main program", "ask", "queued.cancel() → True") in found[names[1]]
    assert ("main program", "ask", "running.cancel() → False") in found[names[1]]
    assert ("numbers", "deliver", "GeneratorExit at yield 1") in found[names[2]]

    # A handler that runs while the watcher has the floor is not seen, in about one run of twenty;
    # so a recording is chosen among several.
    snippet = CATALOG["sigterm_handler_runs_finally"]
    rows = [tell(snippet, run).rows for run in watch_all([snippet] * proof.WATCHES, newest)]
    seen = [any(row.mark == "deliver" and row.words.startswith("SIGTERM:") for row in told) for told in rows]
    assert sum(seen) > len(seen) / 2


def test_an_event_that_wakes_a_thread_has_an_arrow(write: Write, newest: Python) -> None:
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
    told = tell(snippet, watch(snippet, newest))
    woken = [row for row in told.rows if row.mark == "wake"]
    assert [(row.words, told.lanes[row.to or 0].name) for row in woken] == [("go.set()", "work")]


def test_an_answer_finds_its_question_across_another_threads_row(write: Write, newest: Python) -> None:
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
    moments = list(watching.moments(watch(snippet, newest)))
    answered = next(moment for moment in moments if moment.kind == "future.cancel")
    between = next(moment for moment in moments if moment.details == ("sleep",))
    moments.remove(between)
    moments.insert(moments.index(answered), replace(between, at=answered.at))
    told = timeline.tell(moments, Source(snippet.path.read_text(encoding="utf-8"), snippet.lines))
    words = [row.words for row in told.rows]
    assert words.index("Future().cancel() → True") < words.index("time.sleep(0.01)")


def test_a_traceback_has_no_frame_of_ours(write: Write, newest: Python) -> None:
    snippet = write(
        "import asyncio, traceback\n"
        "async def work() -> None:\n    await asyncio.sleep(60)\n"
        "async def main() -> None:\n"
        "    task = asyncio.create_task(work())\n"
        "    await asyncio.sleep(0)\n"
        "    task.cancel()\n"
        "    try:\n        await task\n"
        "    except asyncio.CancelledError:\n        print(traceback.format_exc())\n"
        "    print(repr(task), type(task).__module__, type(task).__qualname__)\n"
        "asyncio.run(main(), debug=True)\n"
    )
    text = "".join(event.text for event in watch(snippet, newest).printed)
    assert "CancelledError" in text
    assert "_asyncio Task" in text
    assert "pleasestop" not in text
    assert "sitecustomize" not in text


def test_nothing_is_held_alive(write: Write, newest: Python) -> None:
    snippet = write(
        "import asyncio, weakref\n"
        "class Big:\n    pass\n"
        "async def work(big: object) -> None:\n    await asyncio.sleep(0)\n"
        "async def main() -> None:\n"
        "    big = Big()\n"
        "    gone = weakref.ref(big)\n"
        "    task = asyncio.create_task(work(big))\n"
        "    done = weakref.ref(task)\n"
        "    del big\n"
        "    await task\n"
        "    del task\n"
        "    await asyncio.sleep(0)\n"
        "    print(gone(), done())\n"
        "asyncio.run(main())\n"
    )
    assert [event.text for event in watch(snippet, newest).printed] == ["None None\n"]


def test_what_was_told_before_a_kill_has_arrived(write: Write, newest: Python) -> None:
    snippet = write(
        "import os, signal, time\n"
        "child = os.fork()\n"
        "if not child:\n    time.sleep(60)\n"
        "time.sleep(0.2)\n"
        "os.kill(child, signal.SIGKILL)\n"
        "os.waitpid(child, 0)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n",
        rules="exit = -9",
    )
    told = tell(snippet, watch(snippet, newest))
    words = [(told.lanes[row.lane].name, row.words) for row in told.rows]
    assert ("child process", "time.sleep(60)") in words
    assert words[-1] == ("main program", "os.kill(os.getpid(), signal.SIGKILL)")
    assert [told.lanes[row.to].name for row in told.rows if row.mark == "ask" and row.to is not None] == [
        "child process",
        "main program",
    ]


def test_of_too_many_moments_the_ends_are_kept(write: Write, newest: Python) -> None:
    snippet = write(
        "import time\n"
        "def ticks():\n    while True:\n        yield 1\n"
        "rounds = ticks()\n"
        "time.sleep(0.0)\n"
        f"for _ in range({runner.MAX_MOMENTS}):\n    next(rounds)\n"
        "time.sleep(0.01)\n"
    )
    run = watch(snippet, newest)
    told = [event for event in run.events if event.stream == "watch"]
    assert len(told) == runner.MAX_MOMENTS
    assert run.lost > 0
    assert "'time.sleep'" in " ".join(event.text for event in told[-8:]) or "'sleep'" in told[-4].text + told[-5].text


def test_what_is_done_again_and_again_is_told_once(write: Write, newest: Python) -> None:
    snippet = write("import time\nfor _ in range(20):\n    time.sleep(0.003)\n")
    words = [words for _, _, words in story(snippet, newest)]
    assert words == ["time.sleep(0.003)", "⋮ the same 19 times more", "program ends"]


def test_an_older_python_tells_nothing(write: Write) -> None:
    older = next((python for python in pythons.others() if not watching.can_watch(python)), None)
    if older is None:
        pytest.skip("every Python here can be watched")
    run = watch(write("print(1)"), older)
    assert [event.stream for event in run.events] == ["stdout"]


# --- the record ---


def test_a_recording_is_kept_with_the_proofs_and_survives_them(write: Write, newest: Python, tmp_path: Path) -> None:
    snippet = write("import time\ntime.sleep(0.01)\nprint(1)\n")
    snippet.output_path(None).write_text("python| CPython 3.12.1 on Linux\n1\n")
    snippet = catalog.read(snippet.path, tmp_path / "snippets")
    assert proof.recording(snippet) is None
    wanted = proof.unwatched([snippet], [newest])
    assert proof.watch(wanted, lambda *_: None) == 0
    kept = proof.recording(snippet)
    assert kept is not None
    assert kept.version == str(newest.version)
    assert [moment.kind for moment in kept.moments].count("stdout") == 1
    proof.prove(proof.stale([snippet], [newest]), 2, 2, lambda *_: None)
    assert proof.recording(snippet) == kept
    assert proof.unwatched([snippet], [newest]) == []
    snippet.path.write_text(snippet.path.read_text() + "print(2)\n")
    assert proof.recording(snippet) is None


def test_a_watched_run_that_prints_something_else_is_not_kept(write: Write, newest: Python, tmp_path: Path) -> None:
    snippet = write("import sys\nprint(sys.monitoring.get_tool(sys.monitoring.PROFILER_ID))\n")
    snippet.output_path(None).write_text("python| CPython 3.12.1 on Linux\nNone\n")
    snippet = catalog.read(snippet.path, tmp_path / "snippets")
    assert proof.watch(proof.unwatched([snippet], [newest]), lambda *_: None) == proof.WATCHES
    assert proof.recording(snippet) is None


def recorded() -> list[tuple[Snippet, Timeline]]:
    found = []
    for snippet in CATALOG.values():
        kept = proof.recording(snippet)
        if kept is not None and kept.moments:
            source = Source(snippet.path.read_text(encoding="utf-8"), snippet.lines)
            found.append((snippet, timeline.tell(kept.moments, source)))
    return found


RECORDED = recorded()


def test_every_snippet_has_a_recording() -> None:
    missing = [snippet.name for snippet in CATALOG.values() if proof.recording(snippet) is None]
    assert not missing, f"pleasestop prove --only {' --only '.join(missing)}"


@pytest.mark.parametrize("told", [told for _, told in RECORDED], ids=[snippet.name for snippet, _ in RECORDED])
def test_a_picture_is_well_formed_small_and_in_order(told: Timeline) -> None:
    drawn = picture.svg(told, "it", "Title")
    ids = [element.get("id") for element in ElementTree.fromstring(drawn).iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    if len(told.rows) <= timeline.MOST_ROWS:
        assert len(gzip.compress(drawn.encode())) <= 2048
    ElementTree.fromstring(picture.table(told).replace("&nbsp;", " "))
    # A request is made before it is delivered, in each lane that hears of one.
    for lane in range(len(told.lanes)):
        asked = [index for index, row in enumerate(told.rows) if row.mark == "ask" and row.to == lane]
        heard = [
            index
            for index, row in enumerate(told.rows)
            if row.mark == "deliver" and row.lane == lane and row.words.startswith(("CancelledError", "GeneratorExit"))
        ]
        if asked and heard and told.lanes[lane].kind == "generator":
            assert min(asked) < max(heard)


# --- the tool ---


def run_watch(path: Path, *options: str) -> tuple[int, str, str]:
    out = path.with_suffix(".html")
    done = CliRunner().invoke(cli.main, ["watch", str(path), "--out", str(out), *options])
    return done.exit_code, done.output, out.read_text(encoding="utf-8") if out.exists() else ""


def test_a_program_that_never_ends_is_drawn_as_far_as_it_got(tmp_path: Path, newest: Python) -> None:
    program = tmp_path / "stuck.py"
    program.write_text("import threading\nprint('here')\nthreading.Event().wait()\n")
    status, output, page = run_watch(program, "--limit", "1", "--python", str(newest.path))
    assert status == 0
    assert "did not end in 1 s" in output
    assert "threading.Event().wait()" in page
    assert "http" not in page.replace("http://www.w3.org/2000/svg", "")


def test_a_program_sees_the_callers_folder_environment_and_arguments(
    tmp_path: Path, newest: Python, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MINE", "my value")
    program = tmp_path / "program.py"
    program.write_text("import os, sys, time\ntime.sleep(0)\nprint(os.getcwd(), os.environ['MINE'], sys.argv[1:])\n")
    _, _, page = run_watch(program, "--python", str(newest.path), "--", "one", "--two")
    assert f"{tmp_path} my value ['one', '--two']" in page


def test_a_program_that_is_stuck_in_one_call_tells_in_which(tmp_path: Path, newest: Python) -> None:
    program = tmp_path / "server.py"
    program.write_text("import socket\nserver = socket.create_server(('127.0.0.1', 0))\nserver.accept()\n")
    status, _, page = run_watch(program, "--limit", "1", "--python", str(newest.path))
    assert status == 0
    assert f"File &quot;{program}&quot;, line 3 in &lt;module&gt;" in page


def test_what_started_the_loop_is_not_told_of_a_task(tmp_path: Path, newest: Python) -> None:
    library = tmp_path / "library.py"
    library.write_text(
        "import asyncio\n"
        "async def inner():\n    await asyncio.sleep(0)\n"
        "async def outer():\n    await asyncio.create_task(inner())\n    await asyncio.sleep(60)\n"
        "def serve():\n    asyncio.run(outer())\n"
    )
    program = tmp_path / "program.py"
    program.write_text("import library\nlibrary.serve()\n")
    _, _, page = run_watch(program, "--limit", "1", "--python", str(newest.path))
    picture = page[page.index("<svg") : page.index("</svg>")]
    assert "starts: inner()" in picture
    assert "library.serve()" not in picture


def test_what_cannot_be_watched_is_told(tmp_path: Path, newest: Python) -> None:
    program = tmp_path / "program.py"
    program.write_text("def (\n")
    assert "program.py:1:" in run_watch(program, "--python", str(newest.path))[1]
    program.write_text("print('only this')\n")
    status, output, page = run_watch(program, "--python", str(newest.path))
    assert (status, page) == (1, "")
    assert "nothing to draw" in output
    assert "only this" in output
    older = next((python for python in pythons.others() if not watching.can_watch(python)), None)
    if older is not None:
        assert "cannot be watched" in run_watch(program, "--python", str(older.path))[1]


def test_a_long_run_keeps_its_ends(tmp_path: Path, newest: Python) -> None:
    program = tmp_path / "long.py"
    calls = "".join(f"time.sleep({number} * 0)\n" for number in range(900))
    program.write_text(f"import time\n{calls}print('the end')\n")
    status, output, page = run_watch(program, "--python", str(newest.path))
    assert status == 0
    assert "rows in the middle are left out" in output
    assert "time.sleep(1 * 0)" in page
    assert "time.sleep(899 * 0)" in page


# --- in the browser ---


def test_a_job_is_watched_only_if_asked(newest: Python, write: Write) -> None:
    snippet = write("import time\ntime.sleep(0)\n")
    seen: list[Run] = []
    runner.run_all([Job(snippet.path, newest, 5)], 1, lambda _, run: seen.append(run))
    assert not seen[0].events


def test_stepping_lights_the_line_and_the_output(browser: Browser, served: str) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{served}tasks/cancel-a-task/")
    figure = page.locator("#cancel_then_wait")
    assert figure.locator(".ps-lit:visible").count() == 0
    step = figure.get_by_role("button", name="One step on")
    slider = figure.get_by_role("slider", name="Step of the replay")
    while "task.cancel()" not in (slider.get_attribute("aria-valuetext") or ""):
        step.click()
    active = figure.locator(".ps-lit.ps-active")
    assert active.inner_text() == "main"
    lines = (figure.locator("pre > code").text_content() or "").splitlines()
    lit = page.evaluate(
        "([light, code]) => Math.round((light.offsetTop - code.offsetTop"
        " - parseFloat(getComputedStyle(code).paddingTop))"
        " / parseFloat(getComputedStyle(code).lineHeight))",
        [active.element_handle(), figure.locator("pre > code").element_handle()],
    )
    assert lines[lit].strip() == "task.cancel()"
    assert figure.locator(".ps-printed .ps-later").count() == 2
    slider.press("End")
    assert figure.locator(".ps-printed .ps-later").count() == 0
    assert step.is_disabled()
    slider.press("Home")
    figure.get_by_role("combobox", name="Pace").select_option("recorded pace")
    figure.get_by_role("button", name="Play").click()
    page.wait_for_function("slider => slider.value === slider.max", arg=slider.element_handle(), timeout=10_000)
    assert figure.get_by_role("button", name="Play").count() == 1
    assert not faults
    page.close()


def test_without_a_script_the_picture_is_complete(browser: Browser, served: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 800})
    page = context.new_page()
    page.goto(f"{served}tasks/stop-a-group/")
    figure = page.locator("#one_failure_stops_the_group")
    assert figure.locator("svg .r").count() > 5
    assert figure.locator(".ps-controls").count() == 0
    box = figure.locator("svg.ps-tl").bounding_box()
    assert box is not None
    assert box["width"] <= 360
    context.close()


def test_only_pages_with_a_replay_load_its_script(site: Path) -> None:
    for path in site.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert ("assets/replay.js" in text) == ('class="ps-replay"' in text or 'class="ps-scale"' in text), path
    assert len(gzip.compress((site / "assets/replay.js").read_bytes())) <= 6 * 1024
