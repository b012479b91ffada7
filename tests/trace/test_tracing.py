"""Tracing a run changes nothing about it, misses nothing that a drawing needs, and survives hostile programs."""

from collections.abc import Callable, Iterable

import pytest

from pleasestop.snippets import capture, compare, environments, runner
from pleasestop.snippets.interpreters import Interpreter
from pleasestop.snippets.model import Snippet
from pleasestop.snippets.runner import Job, Run
from pleasestop.trace import recordings
from pleasestop.trace.events import trace_events, traced
from tracing import ABLE, ROOT, SNIPPETS, TOO_OLD, story, timeline_of, trace, trace_all

Write = Callable[..., Snippet]


def deviations(snippets: Iterable[Snippet], interpreter: Interpreter) -> dict[str, list[str]]:
    """Trace snippets and return, by name, what each did other than approved."""
    traced = [one for one in snippets if interpreter.admits(one) and not environments.obstacle(one, interpreter)]
    runs = trace_all(traced, interpreter)
    found = {one.name: compare.problems(one, run) for one, run in zip(traced, runs, strict=True)}
    return {name: problems for name, problems in found.items() if problems}


def test_every_snippet_that_is_replayed_does_as_approved_when_it_is_traced(newest: Interpreter) -> None:
    replayed = [SNIPPETS[path.stem] for path in (ROOT / "records/traces").glob("*.json") if path.stem in SNIPPETS]
    assert len(replayed) > 50
    assert deviations(replayed, newest) == {}


@pytest.mark.thorough
def test_every_snippet_does_as_approved_when_it_is_traced(newest: Interpreter) -> None:
    assert deviations(SNIPPETS.values(), newest) == {}


@pytest.mark.parametrize("interpreter", ABLE, ids=lambda interpreter: interpreter.label)
def test_a_cancellation_is_seen_from_the_call_to_the_end(interpreter: Interpreter) -> None:
    assert story(SNIPPETS["cancel_then_wait"], interpreter) == [
        ("main", "wake", "starts; asyncio.create_task(work())"),
        ("main", "tick", "await asyncio.sleep(0)"),
        ("work", "tick", "starts; await asyncio.sleep(60)"),
        ("main", "ask", "task.cancel()"),
        ("main", "tick", "await asyncio.wait([task])"),
        ("work", "deliver", "CancelledError at await asyncio.sleep(60)"),
        ("work", "cancelled", "ends as cancelled"),
        ("main", "returned", "ends"),
    ]


@pytest.mark.parametrize("interpreter", ABLE, ids=lambda interpreter: interpreter.label)
def test_each_exception_is_shown_at_its_call(write: Write, interpreter: Interpreter) -> None:
    """Also where Python gives it the address of the one before, and where the call is of Python code."""
    body = "import json\n\n"
    for text in ("[", "{", "nul"):
        body += f"try:\n    json.loads({text!r})\nexcept ValueError:\n    pass\n"
    labels = [label for _, mark, label in story(write(body), interpreter) if mark == "raise"]
    assert labels == [f"JSONDecodeError from json.loads({text!r})" for text in ("[", "{", "nul")]


def test_the_caller_of_cancel_is_named(newest: Interpreter) -> None:
    labels = [label for _, mark, label in story(SNIPPETS["timeout_ends_a_slow_block"], newest) if mark == "ask"]
    assert labels == ["the timeout cancels main"]
    labels = [label for _, mark, label in story(SNIPPETS["one_failure_stops_the_group"], newest) if mark == "ask"]
    assert labels == ["the TaskGroup cancels sleep", "the TaskGroup cancels main"]


def test_threads_processes_futures_generators_signals(newest: Interpreter) -> None:
    names = ["event_then_terminate_then_kill", "queued_call_cancels_running_does_not", "close_runs_finally"]
    found = {name: story(SNIPPETS[name], newest) for name in names}
    assert ("Process-1", "failed", "ended by SIGKILL") in found[names[0]]
    assert ("main program", "ask", "queued.cancel() → True") in found[names[1]]
    assert ("main program", "ask", "running.cancel() → False") in found[names[1]]
    assert ("numbers", "deliver", "GeneratorExit at yield 1") in found[names[2]]

    # A handler that runs while the monitor itself runs is not seen, in about one run of twenty;
    # so a recording is chosen among several.
    snippet = SNIPPETS["sigterm_handler_runs_finally"]
    timelines = [timeline_of(snippet, run) for run in trace_all([snippet] * recordings.RUNS, newest)]
    seen = [any(row.mark == "deliver" and row.label.startswith("SIGTERM:") for row in one.rows) for one in timelines]
    assert sum(seen) > len(seen) / 2


def test_a_traceback_has_no_frame_of_ours(write: Write, newest: Interpreter) -> None:
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
    text = "".join(event.text for event in trace(snippet, newest).printed)
    assert "CancelledError" in text
    assert "_asyncio Task" in text
    assert "pleasestop" not in text
    assert "sitecustomize" not in text


def test_nothing_is_kept_alive(write: Write, newest: Interpreter) -> None:
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
    assert [event.text for event in trace(snippet, newest).printed] == ["None None\n"]


@pytest.mark.parametrize(
    ("body", "printed"),
    [
        ("import subprocess, time\nfrom pathlib import Path\ntime.sleep(0)\n"
         "print(subprocess.run(Path('/bin/true')).returncode)\n", "0\n"),
        ("import subprocess, time\ntime.sleep(0)\nprint(subprocess.run([b'/bin/true', 'x']).returncode)\n", "0\n"),
        ("import os\nclass Number(int):\n    def __repr__(self): return 'Number(9'\n"
         "os.kill(Number(os.getpid()), 0)\nprint('sent')\n", "sent\n"),
        ("import time\ntime.sleep(0)\nprint('x' * 10_000_000)\n", "x" * 10_000_000 + "\n"),
        ("import subprocess\nclass Word:\n    calls = 0\n"
         "    def __fspath__(self):\n        Word.calls += 1\n        return 'x'\n"
         "subprocess.run(['/bin/true', Word()])\nprint(Word.calls)\n", "1\n"),
        ("import subprocess, time\nclass Words(list):\n    calls = 0\n"
         "    def __iter__(self):\n        Words.calls += 1\n        return super().__iter__()\n"
         "time.sleep(0)\nsubprocess.run(Words(['/bin/true']))\nprint(Words.calls)\n", "1\n"),
        ("class Error(Exception):\n    args = None\n"
         "try:\n    raise Error('it')\nexcept Error as error:\n    print(type(error))\n",
         "<class '__main__.Error'>\n"),
        ("from concurrent.futures import ThreadPoolExecutor\nwith ThreadPoolExecutor() as pool:\n"
         "    print(pool.submit(pow, 10, 5000).result() % 7)\n", "2\n"),
        ("import os\ntry:\n    os.kill(10**5000, 0)\nexcept OverflowError:\n    print('too large')\n", "too large\n"),
        ("def work(): print('works')\nwork.__module__ = []\nwork()\n", "works\n"),
        ("import sys\nclass Number(int):\n    def __int__(self): raise KeyError\n"
         "def handler(number, frame): print('called')\n"
         "list(map(handler, [Number(3)], [sys._getframe()]))\n", "called\n"),
        ("import asyncio\nfrom collections.abc import Coroutine\nclass Work(Coroutine):\n    cr_code = 'text'\n"
         "    def __await__(self): yield\n    def send(self, value): raise StopIteration(5)\n"
         "    def throw(self, *error): raise error[0]\n"
         "async def main(): print(await asyncio.create_task(Work()))\nasyncio.run(main())\n", "5\n"),
    ],
    ids=[
        "command is a path",
        "command has bytes",
        "argument has a repr of its own",
        "10 MB at once",
        "command has an __fspath__ of its own",
        "command is a list of its own",
        "exception has args of its own",
        "result is a huge number",
        "argument is a huge number",
        "function has an unhashable module",
        "handler's number has an int of its own",
        "coroutine has a cr_code of its own",
    ],
)  # fmt: skip
def test_a_program_does_what_it_does_untraced(write: Write, newest: Interpreter, body: str, printed: str) -> None:
    runs: list[Run] = []
    job = traced(Job(write(body).path, newest, 10, here=True))
    runner.run_all([job], 1, lambda _, run: runs.append(run))
    (run,) = runs
    assert ("".join(event.text for event in run.printed), run.exit, run.fault) == (printed, 0, None)
    assert trace_events(run) != ()


def test_a_child_is_named_after_its_command(write: Write, newest: Interpreter) -> None:
    snippet = write(
        "import subprocess\n"
        "from pathlib import Path\n"
        "child = subprocess.Popen([Path('/bin/sleep'), b'60'])\n"
        "child.terminate()\n"
        "child.wait()\n"
    )
    assert ("sleep 60", "failed", "ended by SIGTERM") in story(snippet, newest)


def test_reading_annotations_is_no_event(write: Write, newest: Interpreter) -> None:
    """From 3.14 on they are evaluated by a function that the program does not show."""
    snippet = write("import inspect\n\ndef f(x: int) -> int: ...\n\ninspect.get_annotations(f)\nprint('read')\n")
    assert [label for _, _, label in story(snippet, newest) if "annotate" in label] == []


def test_a_huge_name_does_not_end_the_trace(write: Write, newest: Interpreter) -> None:
    snippet = write(
        "import threading, time\n"
        "thread = threading.Thread(target=time.sleep, args=(0,), name='x' * 2_000_000)\n"
        "thread.start()\n"
        "thread.join()\n"
        "time.sleep(0.01)\n"
    )
    assert ("main program", "tick", "time.sleep(0.01)") in story(snippet, newest)


def test_what_was_sent_before_a_kill_has_arrived(write: Write, newest: Interpreter) -> None:
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
    timeline = timeline_of(snippet, trace(snippet, newest))
    labels = [(timeline.lanes[row.lane].name, row.label) for row in timeline.rows]
    assert ("child process", "time.sleep(60)") in labels
    assert labels[-1] == ("main program", "os.kill(os.getpid(), signal.SIGKILL)")
    killed = [timeline.lanes[row.to].name for row in timeline.rows if row.mark == "ask" and row.to is not None]
    assert killed == ["child process", "main program"]


def test_of_too_many_events_the_first_and_the_last_are_kept(write: Write, newest: Interpreter) -> None:
    snippet = write(
        "import time\n"
        "def ticks():\n    while True:\n        yield 1\n"
        "rounds = ticks()\n"
        "time.sleep(0.0)\n"
        f"for _ in range({capture.MAX_KEPT}):\n    next(rounds)\n"
        "time.sleep(0.01)\n"
    )
    run = trace(snippet, newest)
    kept = [event for event in run.events if event.stream == "trace"]
    assert len(kept) == capture.MAX_KEPT
    assert run.dropped > 0
    assert "'sleep'" in " ".join(event.text for event in kept[-8:])


def test_an_older_python_sends_nothing(write: Write) -> None:
    if not TOO_OLD:
        pytest.skip("every Python here can be traced")
    run = trace(write("print(1)"), TOO_OLD[0])
    assert [event.stream for event in run.events] == ["stdout"]


def test_a_job_is_not_traced_unless_it_says_so(newest: Interpreter, write: Write) -> None:
    seen: list[Run] = []
    job = Job(write("import time\ntime.sleep(0)\n").path, newest, 5)
    runner.run_all([job], 1, lambda _, run: seen.append(run))
    assert seen[0].events == ()
