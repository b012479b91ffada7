"""Programs that a framework runs are watched: pytest, uvicorn, a Celery worker, Trio."""

import asyncio
import re
from dataclasses import replace
from pathlib import Path

import pytest

from pleasestop.snippets import runner
from pleasestop.snippets.interpreters import Interpreter
from pleasestop.snippets.runner import Job, Run
from pleasestop.trace.diagnosis import diagnose
from pleasestop.trace.events import trace_events, traced
from pleasestop.trace.report import watched
from pleasestop.trace.snapshot import read_processes
from pleasestop.trace.source import Source
from pleasestop.trace.timeline import build_timeline
from support import lacking, python_with_packages
from tracing import ABLE

TEST = """
import queue

def test_hangs():
    print("ready")
    queue.Queue().get()
"""
APP = """
import asyncio, os, signal

async def client():
    reader, writer = await asyncio.open_unix_connection("socket")
    writer.write(b"GET / HTTP/1.1\\r\\nHost: here\\r\\n\\r\\n")
    await reader.readuntil(b"first")
    print("ready", flush=True)
    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.Event().wait()

async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        await receive()
        await send({"type": "lifespan.startup.complete"})
        app.client = asyncio.create_task(client())  # it connects in the next turn of the loop or later
        await receive()
        return
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"first", "more_body": True})
    await asyncio.Event().wait()
"""
WORKER = """
import pathlib, threading
from celery import Celery, signals

pathlib.Path("queue").mkdir(exist_ok=True)
folders = dict.fromkeys(["data_folder_in", "data_folder_out", "control_folder"], "queue")
app = Celery("worker", broker="filesystem://", broker_transport_options=folders)
app.conf.worker_redirect_stdouts = False

@app.task
def stuck():
    print("ready", flush=True)
    threading.Event().wait()

@signals.worker_ready.connect
def send(**_):
    stuck.delay()
"""
SOLO = ("--concurrency", "1", "--without-mingle", "--without-gossip", "--without-heartbeat")
PROGRAMS = {
    "pytest": (
        "test_hang.py",
        TEST,
        ("-q", "-s", "-p", "no:cacheprovider", "test_hang.py"),
        r"The main thread waits for an item of a queue, which is empty, at `queue.Queue\(\).get\(\)` \(line 6 ",
    ),
    "uvicorn": (
        "app.py",
        APP,
        ("--uds", "socket", "--log-level", "critical", "app:app"),
        r"Task `serve` is uvicorn, which shuts down and waits until all connections are closed",
    ),
    "celery": (
        "worker.py",
        WORKER,
        ("-A", "worker", "--quiet", "worker", "--loglevel", "CRITICAL", *SOLO),
        r"Process \d: The main thread waits for an event that is not set, at `threading.Event\(\).wait\(\)` \(line 13 ",
    ),
}


@pytest.fixture(scope="module")
def with_packages() -> Interpreter:
    """The newest Python that can be traced, with the packages of snippets."""
    if not ABLE:
        lacking("no Python here can be traced")
    return replace(ABLE[0], path=python_with_packages(ABLE[0]))


@pytest.fixture(scope="module")
def runs(with_packages: Interpreter, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Run]:
    """A run of each program, which is stopped when it has been silent for two seconds after its only output."""
    folder = tmp_path_factory.mktemp("programs")
    jobs = []
    for module, (file, text, arguments, _) in PROGRAMS.items():
        (folder / file).write_text(text, encoding="utf-8")
        job = Job(folder / file, with_packages, 60, silence=2.0, here=True, module=module, arguments=arguments)
        jobs.append(watched(job))
    found: dict[int, Run] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("PYTHONWARNINGS", "ignore")
        patch.delenv("PYTEST_ADDOPTS", raising=False)
        runner.run_all(jobs, len(jobs), found.__setitem__)
    return {job.module: found[index] for index, job in enumerate(jobs)}


@pytest.mark.parametrize("module", PROGRAMS)
def test_the_reason_is_named(module: str, runs: dict[str, Run]) -> None:
    run = runs[module]
    assert "".join(event.text for event in run.printed).strip().startswith("ready")
    texts = [finding.text for finding in diagnose(read_processes(run.processes), trace_events(run), "program.py")]
    assert any(re.match(PROGRAMS[module][3], text) for text in texts), (texts, run.printed)


TRIO = """
import trio
import trio.testing

async def worker(name):
    await trio.sleep_forever()

async def main():
    async with trio.open_nursery() as nursery:
        nursery.start_soon(worker, "a")
        await trio.testing.wait_all_tasks_blocked()
        nursery.cancel_scope.cancel()

trio.run(main)
"""


def test_a_task_of_trio_is_a_lane(with_packages: Interpreter, tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(TRIO, encoding="utf-8")
    run = asyncio.run(runner.run(traced(Job(program, with_packages, 60))))
    timeline = build_timeline(trace_events(run), Source(TRIO))
    assert [(lane.name, lane.kind) for lane in timeline.lanes] == [("main", "task"), ("worker", "task")]
    assert [(row.lane, row.mark, row.label) for row in timeline.rows] == [
        (0, "wake", 'starts; nursery.start_soon(worker, "a")'),
        (0, "tick", "await trio.testing.wait_all_tasks_blocked()"),
        (1, "tick", "starts; await trio.sleep_forever()"),
        (0, "ask", "nursery.cancel_scope.cancel()"),
        (0, "tick", "async with trio.open_nursery()"),
        (1, "deliver", "Cancelled at await trio.sleep_forever()"),
        (1, "cancelled", "ends as cancelled"),
        (0, "returned", "ends"),
    ]
