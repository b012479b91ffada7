"""Measure what tracing and drawing cost: `python tools/benchmarks/watch.py`.

Prints, on the newest Python found: what tracing adds to a program that does next to nothing,
and to each event of one that does ten thousand; how much slower programs of several kinds are
under `pleasestop watch`; how long the drawing of a recording takes, and how much it weighs
compressed. Nothing else should run. `--smoke` takes one round.
"""

import gzip
import statistics
import sys
import tempfile
import time
from pathlib import Path

from pleasestop.project import Project
from pleasestop.snippets import interpreters, runner
from pleasestop.snippets.interpreters import Interpreter
from pleasestop.snippets.runner import Job, Run
from pleasestop.trace import svg
from pleasestop.trace.events import can_trace, traced
from pleasestop.trace.source import Source
from pleasestop.trace.timeline import build_timeline

ROOT = Path(__file__).resolve().parents[2]
STEPS = 10_000

_BARE = "import asyncio\nasync def main(): await asyncio.sleep(0)\nasyncio.run(main())\n"
# A step is two events: the task suspends and resumes.
_BUSY = f"import asyncio\nasync def main():\n    for _ in range({STEPS}): await asyncio.sleep(0)\nasyncio.run(main())\n"

_KINDS = {
    "computes": "total = 0\nfor n in range({times} * 50):\n    total += n % 7\n",
    "calls its own functions": (
        "def step(n):\n    return n % 7\ntotal = 0\nfor n in range({times} * 30):\n    total += step(n)\n"
    ),
    "raises and catches exceptions": (
        "for n in range({times} * 3):\n    try:\n        raise ValueError(n)\n    except ValueError:\n        pass\n"
    ),
    "creates and cancels tasks": """
import asyncio
async def main():
    for _ in range({times} // 20):
        task = asyncio.create_task(asyncio.sleep(60))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
asyncio.run(main())
""",
    "passes items from thread to thread": """
import queue, threading
items = queue.Queue()
def work():
    while items.get() is not None:
        pass
threads = [threading.Thread(target=work) for _ in range(4)]
for thread in threads:
    thread.start()
for item in [*range({times}), *[None] * 4]:
    items.put(item)
for thread in threads:
    thread.join()
""",
}
"""Programs that take about a second or less, by what they do most."""


def seconds(text: str, interpreter: Interpreter, rounds: int, *, trace: bool) -> float:
    """Return the median time of a program, in seconds."""
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder, "program.py")
        program.write_text(text, encoding="utf-8")
        seen: list[Run] = []
        job = Job(program, interpreter, 60)
        runner.run_all([traced(job) if trace else job] * rounds, 1, lambda _, run: seen.append(run))
    return statistics.median(run.seconds for run in seen)


def main(smoke: bool) -> None:
    """Measure and print."""
    rounds = 1 if smoke else 15
    able = [one for one in interpreters.find_all() if can_trace(one)]
    if not able:
        print("no CPython 3.12 or newer here")
        return
    bare, busy = (
        seconds(text, able[0], rounds, trace=True) - seconds(text, able[0], rounds, trace=False)
        for text in (_BARE, _BUSY)
    )
    print(
        f"on {able[0].label}: tracing adds {bare * 1000:.0f} ms, "
        f"and {(busy - bare) / (2 * STEPS) * 1e6:.1f} µs an event"
    )
    for kind, text in _KINDS.items():
        program = text.format(times=100 if smoke else 100_000)
        plain, watched = (seconds(program, able[0], 1 if smoke else 5, trace=trace) for trace in (False, True))
        print(f"a program that {kind}: {plain:.2f} s, watched {watched:.2f} s, {watched / plain:.1f} times as long")
    project = Project(ROOT)
    times, weights = [], []
    for snippet in project.read().snippets.values():
        recording = project.recordings.get(snippet)
        if recording is None:
            continue
        started = time.perf_counter()
        drawing = svg.draw(build_timeline(recording.events, Source(snippet.program)), snippet.name, snippet.claim)
        times.append(time.perf_counter() - started)
        weights.append((len(gzip.compress(drawing.svg.encode())), snippet.name))
    heaviest, name = max(weights)
    usual, longest = statistics.median(times) * 1000, max(times) * 1000
    weight = statistics.median(size for size, _ in weights)
    print(f"{len(times)} drawings: {usual:.1f} ms each, {longest:.1f} ms the longest;")
    print(f"{weight:.0f} bytes compressed, {heaviest} the heaviest ({name})")


if __name__ == "__main__":
    main("--smoke" in sys.argv[1:])
