"""Why a program does not stop, in words: the reason comes first, and nothing false is said."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from pleasestop.cli import main
from pleasestop.snippets import runner
from pleasestop.snippets.interpreters import Interpreter
from pleasestop.snippets.runner import Job, Run, Standing
from pleasestop.trace import diagnosis, outside
from pleasestop.trace.diagnosis import Finding, diagnose
from pleasestop.trace.events import trace_events
from pleasestop.trace.report import watched
from pleasestop.trace.snapshot import read_processes
from tracing import ABLE, ROOT

PROGRAMS = {
    "event": (
        "import threading\nprint('ready')\nthreading.Event().wait()\n",
        r"^The main thread waits for an event that is not set, at `threading.Event\(\).wait\(\)` \(line 3 of event",
    ),
    "swallowed": (
        """
import asyncio
async def worker():
    while True:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            print("not now")
async def main():
    task = asyncio.create_task(worker())
    await asyncio.sleep(0)
    task.cancel()
    await task
asyncio.run(main())
""",
        r"^Task `worker` was cancelled after .* s, caught it at line 7 \(`except asyncio.CancelledError`\)",
    ),
    "server": (
        """
import asyncio
async def handler(reader, writer):
    await reader.read()
async def main():
    server = await asyncio.start_server(handler, "127.0.0.1", 0)
    connection = await asyncio.open_connection(*server.sockets[0].getsockname())
    server.close()
    print("ready")
    await server.wait_closed()
asyncio.run(main())
""",
        r"Task `main` waits for a server to close; open connections: 1, at `await server.wait_closed\(\)`",
    ),
    "group": (
        """
import asyncio
async def heartbeat():
    print("ready")
    await asyncio.Event().wait()
async def main():
    async with asyncio.TaskGroup() as group:
        group.create_task(heartbeat())
asyncio.run(main())
""",
        r"^Task `heartbeat` waits for an event .* Task `main` waits for it at `async with asyncio.TaskGroup",
    ),
    "loop_is_blocked": (
        "import asyncio, threading\nasync def main():\n    print('ready')\n    threading.Lock().acquire() and "
        "threading.Event().wait()\nasyncio.run(main())\n",
        r"^The event loop is blocked: it executes .*line 4",
    ),
    "thread_after_main": (
        "import threading\nthreading.Thread(target=threading.Event().wait, name='worker').start()\nprint('ready')\n",
        r"^The program has finished, and the interpreter waits for thread `worker`, a thread that is not a daemon: "
        r"it waits for an event that is not set",
    ),
    "pool_after_main": (
        "from concurrent.futures import ThreadPoolExecutor\nimport threading\npool = ThreadPoolExecutor(1)\n"
        "pool.submit(threading.Event().wait)\npool.shutdown(wait=False)\nprint('ready')\n",
        r"^The program has finished, and the interpreter waits for thread `ThreadPoolExecutor-0_0`, a thread of a pool",
    ),
    "thread_of_the_loop": (
        """
import asyncio, os, signal
reading, writing = os.pipe()
def read(loop):
    loop.call_soon_threadsafe(os.kill, os.getpid(), signal.SIGINT)
    print("ready")
    os.read(reading, 1)
async def main():
    await asyncio.to_thread(read, asyncio.get_running_loop())
asyncio.run(main())
""",
        r"^The main coroutine has ended, and `asyncio.run\(\)` waits for thread `asyncio_0` .*`os.read\(reading, 1\)`",
    ),
    "deadlock": (
        """
import threading
a, b, both = threading.Lock(), threading.Lock(), threading.Barrier(2)
def one():
    with a:
        both.wait()
        with b:
            pass
def two():
    with b:
        both.wait()
        print("ready")
        with a:
            pass
for target in (one, two):
    threading.Thread(target=target, name=target.__name__).start()
""",
        r"^Deadlock: (?=.*thread `one` waits for `b` \(line 7\), which thread `two` holds since line 10)"
        r".*thread `two` waits for `a` \(line 13\), which thread `one` holds since line 5",
    ),
    "lock": (
        """
import threading
class Store:
    def __init__(self):
        self.lock = threading.Lock()
    def keep(self):
        with self.lock:
            held.set()
            threading.Event().wait()
    def use(self):
        with self.lock:
            pass
store, held = Store(), threading.Event()
threading.Thread(target=store.keep, name="keeper").start()
held.wait()
print("ready")
store.use()
""",
        r"^The main thread waits for the lock `self.lock` \(line 11\). Thread `keeper` holds it since line 7, "
        r"and stands at `threading.Event\(\).wait\(\)`",
    ),
    "chain": (
        """
import threading
a, b, first, second = threading.Lock(), threading.Lock(), threading.Event(), threading.Event()
def last():
    with b:
        first.set()
        threading.Event().wait()
def middle():
    first.wait()
    with a:
        second.set()
        with b:
            pass
threading.Thread(target=last, name="last").start()
threading.Thread(target=middle, name="middle").start()
second.wait()
print("ready")
with a:
    pass
""",
        r"The main thread waits for the lock `a` \(line 18\). Thread `middle` holds it since line 10",
    ),
    "forked_lock": (
        """
import multiprocessing, threading
lock, held = threading.Lock(), threading.Event()
def hold():
    with lock:
        held.set()
        threading.Event().wait()
def work():
    print("ready")
    with lock:
        pass
threading.Thread(target=hold, daemon=True).start()
held.wait()
child = multiprocessing.get_context("fork").Process(target=work)
child.start()
child.join()
""",
        r"^Process 1: The main thread waits for process `ForkProcess-1`",
    ),
    "handler": (
        """
import signal, threading
event = threading.Event()
class Cond(threading.Condition):
    def wait(self, timeout=None):
        signal.raise_signal(signal.SIGTERM)
event._cond = Cond(threading.Lock())
signal.signal(signal.SIGTERM, lambda *_: event.set())
print("ready")
event.wait()
""",
        r"^A signal handler waits in `set\(\)` at `event.set\(\)` \(line 8 of handler.py\) for the lock of the event",
    ),
    "pool": (
        """
import multiprocessing, os, signal
def work(number):
    if number == 1:
        os.kill(os.getpid(), signal.SIGKILL)
if __name__ == "__main__":
    with multiprocessing.get_context("fork").Pool(1) as pool:
        print("ready")
        pool.map(work, range(3), chunksize=1)
""",
        r"^Process 1: The main thread waits at `pool.map.* workers are idle, so a result is lost",
    ),
    "child": (
        """
import multiprocessing, socket
def work():
    server = socket.create_server(("127.0.0.1", 0))
    print("ready")
    server.accept()
if __name__ == "__main__":
    child = multiprocessing.get_context("spawn").Process(target=work, name="listener")
    child.start()
    child.join()
""",
        r"^Process 1: The main thread waits for process `listener`",
    ),
    "unread": (
        """
import multiprocessing
def work(items):
    items.put(b"x" * 1_000_000)
    print("ready")
if __name__ == "__main__":
    items = multiprocessing.Queue()
    child = multiprocessing.Process(target=work, args=[items])
    child.start()
    child.join()
""",
        r"^Process 1: The main thread waits for process `Process-1` .* That process has finished its work, and "
        r"waits until the items",
    ),
    "pool_of_library_jobs": (
        """
import multiprocessing, time
if __name__ == "__main__":
    with multiprocessing.get_context("fork").Pool(1) as pool:
        print("ready")
        pool.map(time.sleep, [3600])
""",
        r"^Process 1: The main thread waits at `pool.map.* for the result of a pool. 1 of 1 workers are at work",
    ),
    "run_without_pipes": (
        "import subprocess\nprint('ready')\nsubprocess.run(['sleep', '3600'])\n",
        r"^Process 1: The main thread waits for the process with the number \d+ to exit, at `subprocess.run",
    ),
    "set_elsewhere": (
        """
import asyncio, sys, threading, time
def set_while_idle(event, loop_thread):
    while sys._current_frames()[loop_thread].f_code.co_name != "select":
        time.sleep(0.01)
    event.set()
async def main():
    event = asyncio.Event()
    threading.Thread(target=set_while_idle, args=[event, threading.get_ident()]).start()
    print("ready")
    await event.wait()
asyncio.run(main())
""",
        r"^Task `main` waits for an event that is set, and has not been woken: `set\(\)` in another thread",
    ),
    "line_of_a_block": (
        "import socket, threading\nlock, (_, reader) = threading.Lock(), socket.socketpair()\nprint('ready')\n"
        "with lock: reader.recv(1)\n",
        r"^The main thread stands at `with lock: reader.recv\(1\)`",
    ),
    "condition": (
        """
import threading
condition, waiting, held = threading.Condition(), threading.Event(), threading.Event()
def consume():
    with condition:
        waiting.set()
        condition.wait()
def hold():
    waiting.wait()
    with condition:
        held.set()
        threading.Event().wait()
for target in (consume, hold):
    threading.Thread(target=target, name=target.__name__).start()
held.wait()
print("ready")
with condition:
    pass
""",
        r"^The main thread waits for the lock `condition` \(line 17\). Thread `hold` holds it since line 10",
    ),
    "cleans_up": (
        """
import asyncio
async def work():
    try:
        await asyncio.sleep(60)
    except asyncio.CancelledError:
        raise
    finally:
        print("ready")
        await asyncio.Event().wait()
async def main():
    task = asyncio.create_task(work())
    await asyncio.sleep(0)
    task.cancel()
    await task
asyncio.run(main())
""",
        r"^Task `work` was cancelled after .* s, and is still in its `finally` block, at `await asyncio.Event",
    ),
    "crowd_at_a_lock": (
        """
import threading
lock, held = threading.Lock(), threading.Event()
def hold():
    with lock:
        held.set()
        threading.Event().wait()
def want():
    with lock:
        pass
threading.Thread(target=hold, name="holder").start()
held.wait()
for _ in range(50):
    threading.Thread(target=want).start()
print("ready")
""",
        r"^50 threads wait for the lock `lock` \(line 9\). Thread `holder` holds it since line 5",
    ),
    "handler_waits": (
        """
import signal, socket
_, reader = socket.socketpair()
def reload(number, frame):
    print("ready")
    reader.recv(1)
signal.signal(signal.SIGALRM, reload)
signal.setitimer(signal.ITIMER_REAL, 0.1)
signal.pause()
""",
        r"^The main thread stands at `reader.recv\(1\)`",
    ),
    "spins": (
        "print('ready')\nwhile True:\n    pass\n",
        r"It computes: a thread of it was running at \d of 8 looks: the main thread executes `(while True:|pass)`",
    ),
    "crowd": (
        """
import asyncio
async def worker(event):
    await event.wait()
async def odd(queue):
    await queue.get()
async def main():
    tasks = [asyncio.create_task(worker(asyncio.Event())) for _ in range(3000)]
    tasks.append(asyncio.create_task(odd(asyncio.Queue())))
    await asyncio.sleep(0)
    print("ready")
    await asyncio.gather(*tasks)
asyncio.run(main())
""",
        r"^Task `odd` waits for an item of a queue, which is empty, at `await queue.get\(\)`",
    ),
    "flag": (
        """
import signal, time
def handle(number, frame):
    print("handler: ready")
signal.signal(signal.SIGALRM, handle)
signal.setitimer(signal.ITIMER_REAL, 0.3)
time.sleep(60)
""",
        r"^The signal handler `handle` ran after .* s and returned",
    ),
    "own_handlers": (
        "import os, signal\nsignal.signal(signal.SIGUSR2, lambda *_: None)\nprint('ready')\nos.closerange(3, 256)\n"
        "signal.pause()\n",
        r"^The main thread stands at `signal.pause\(\)` \(line 5 of own_handlers.py\)",
    ),
}


@pytest.fixture(scope="module")
def findings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Finding]]:
    """What is said of each program, a second after it printed its last line; all run at once."""
    if not ABLE:
        pytest.skip("no Python here can be traced")
    folder = tmp_path_factory.mktemp("programs")
    jobs = []
    for name, (text, _) in PROGRAMS.items():
        path = folder / f"{name}.py"
        path.write_text(text, encoding="utf-8")
        jobs.append(watched(Job(path, ABLE[0], 60, silence=1.0, here=True)))
    runs: dict[int, Run] = {}
    runner.run_all(jobs, 6, runs.__setitem__)
    return {
        job.program.stem: diagnose(read_processes(runs[index].processes), trace_events(runs[index]), str(job.program))
        for index, job in enumerate(jobs)
    }


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_reason_is_named(name: str, findings: dict[str, list[Finding]]) -> None:
    texts = [finding.text for finding in findings[name]]
    assert any(re.search(PROGRAMS[name][1], text) for text in texts), texts
    if PROGRAMS[name][1].startswith("^"):
        assert re.search(PROGRAMS[name][1], texts[0]), texts


def test_a_chain_of_locks_is_no_deadlock(findings: dict[str, list[Finding]]) -> None:
    texts = [finding.text for finding in findings["chain"]]
    assert not any("Deadlock" in text for text in texts), texts
    assert any(
        text.startswith("Thread `middle` waits for the lock `b` (line 12). Thread `last` holds") for text in texts
    )


def test_a_child_says_where_it_stands(findings: dict[str, list[Finding]]) -> None:
    texts = [finding.text for finding in findings["child"]]
    assert any("The main thread stands at `server.accept()` (line 6 of child.py)" in text for text in texts), texts
    texts = [finding.text for finding in findings["forked_lock"]]
    assert any("no thread of this process holds it. The process was forked" in text for text in texts), texts


def test_many_tasks_are_counted(findings: dict[str, list[Finding]]) -> None:
    assert "3,000 tasks waits" in findings["crowd"][1].text or "3,000 tasks wait" in findings["crowd"][1].text


def test_a_fork_server_is_a_helper_and_its_worker_is_not() -> None:
    def standing(pid: int, parent: int, *functions: tuple[str, str]) -> Standing:
        frames = [
            {"file": f"/lib/multiprocessing/{file}", "line": 1, "function": name, "library": True}
            for file, name in functions
        ]
        thread = {"ident": 1, "name": "MainThread", "main": True, "daemon": False, "frames": frames}
        snapshot = {"pid": pid, "threads": [thread], "tasks": []}
        return Standing(pid, parent, "python3", 0.0, json.dumps(snapshot), "")

    serve, work = ("forkserver.py", "main"), ("process.py", "BaseProcess._bootstrap")
    get = ("queues.py", "SimpleQueue.get")
    program = standing(1, 0, ("pool.py", "ApplyResult.wait"))
    processes = read_processes(
        [program, standing(2, 1, serve), standing(3, 2, get, ("pool.py", "worker"), work, serve)]
    )
    texts = [finding.text for finding in diagnose(processes, (), "")]
    assert texts[0].startswith("Process 1: The main thread waits")
    assert "All 1 workers are idle" in texts[0]
    assert texts[1] == "Process 2: a helper of `multiprocessing`, which exits after the program."


def test_a_handler_that_returned_is_named_before_the_wait_that_goes_on(findings: dict[str, list[Finding]]) -> None:
    assert "it interrupted goes on: `time.sleep(60)`" in findings["flag"][0].text
    assert findings["flag"][0].page == "signal"


def test_a_process_that_cannot_answer_is_described() -> None:
    standing = (
        Standing(1, 0, "python3 program.py", 0.0, "", ""),
        Standing(2, 1, "sleep 60", 0.0, "", ""),
    )
    first, second = diagnose(read_processes(standing), (), "program.py")
    assert "`python3 program.py` did not answer" in first.text
    assert "`sleep 60` is not a Python program" in second.text


def test_each_finding_leads_to_a_page() -> None:
    pages = [page for _, page in diagnosis.PAGES.values()]
    assert [page for page in pages if not (ROOT / "docs" / page).is_file()] == []
    named = {page for _, page in diagnosis._WAITS.values()}
    assert named <= set(diagnosis.PAGES)


def test_ctrl_c_and_sigterm_stop_the_program_and_write_the_page(newest: Interpreter, tmp_path: Path) -> None:
    program = tmp_path / "stuck.py"
    program.write_text(
        "import os, pathlib, threading\npathlib.Path('pid').write_text(str(os.getpid()))\nthreading.Event().wait()\n"
    )
    for number in (signal.SIGINT, signal.SIGTERM):
        command = [
            sys.executable,
            "-m",
            "pleasestop",
            "watch",
            "--python",
            str(newest.path),
            "--limit",
            "100",
            "stuck.py",
        ]
        with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True) as watching:
            while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text():
                time.sleep(0.02)
            pid = int((tmp_path / "pid").read_text())
            watching.send_signal(number)
            output, _ = watching.communicate(timeout=60)
        assert watching.returncode == 0
        assert "was interrupted after" in output
        assert "- The main thread " in output
        assert "Where everything stood" in (tmp_path / "stuck.replay.html").read_text(encoding="utf-8")
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
        (tmp_path / "pid").unlink()


OUTSIDE = """
import asyncio, functools
async def worker():
    asyncio.get_running_loop().call_soon(functools.partial(print, "ready", flush=True))  # once both wait
    await asyncio.Event().wait()
async def main():
    async with asyncio.TaskGroup() as group:
        group.create_task(worker())
asyncio.run(main())
"""


def test_a_process_that_runs_already_is_asked_and_goes_on(tmp_path: Path) -> None:
    able = [one for one in ABLE if one.version >= outside.OLDEST]
    if not able:
        pytest.skip(f"no CPython {outside.OLDEST} or newer here")
    program = tmp_path / "worker.py"
    program.write_text(OUTSIDE, encoding="utf-8")
    for interpreter in able:
        with subprocess.Popen([interpreter.path, program], stdout=subprocess.PIPE, text=True) as process:
            try:
                assert process.stdout is not None
                process.stdout.readline()
                command = ["watch", "--pid", str(process.pid), "--out", str(tmp_path / "page.html")]
                done = CliRunner().invoke(main, command)
                if "cannot be asked" in done.output:
                    pytest.skip("this system lets no process read another one")
                assert done.exit_code == 0, done.output
                assert "Task `main` waits for it at `async with asyncio.TaskGroup() as group:`" in done.output
                assert "Task <code>worker</code>" in (tmp_path / "page.html").read_text(encoding="utf-8")
                assert process.poll() is None, "it goes on"
            finally:
                process.kill()


def test_a_process_that_cannot_be_asked_is_named(tmp_path: Path) -> None:
    out = str(tmp_path / "page.html")
    with subprocess.Popen(["sleep", "60"]) as process:
        done = CliRunner().invoke(main, ["watch", "--pid", str(process.pid), "--out", out])
        process.kill()
    assert "runs no Python that is known here" in done.output
    gone = CliRunner().invoke(main, ["watch", "--pid", str(process.pid), "--out", out])
    assert f"process {process.pid}: cannot be looked at" in gone.output
    assert "name a program, or a process" in CliRunner().invoke(main, ["watch"]).output
