"""What watching and drawing cost: `python benchmarks/watch.py [PYTHON]`.

Prints, on the newest Python found or the one given: what watching adds to a program that does
next to nothing, and to each moment of one that does ten thousand; how long a picture of each
recording takes to draw, and how much it weighs compressed. Nothing else should run meanwhile.
"""

import gzip
import statistics
import sys
import tempfile
import time
from pathlib import Path

from pleasestop import catalog, picture, proof, pythons, runner, timeline, watching
from pleasestop.pythons import Python
from pleasestop.runner import Job, Run

ROOT = Path(__file__).resolve().parent.parent
STEPS = 10_000
ROUNDS = 15

_BARE = "import asyncio\nasync def main(): await asyncio.sleep(0)\nasyncio.run(main())\n"
# A step is two moments: the task suspends and goes on.
_BUSY = f"import asyncio\nasync def main():\n    for _ in range({STEPS}): await asyncio.sleep(0)\nasyncio.run(main())\n"


def seconds(text: str, python: Python, watch: bool) -> float:
    """Return the median time of a program, in seconds."""
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder, "program.py")
        program.write_text(text, encoding="utf-8")
        seen: list[Run] = []
        job = Job(program, python, 60, watch=watch)
        runner.run_all([job] * ROUNDS, 1, lambda _, run: seen.append(run))
    return statistics.median(run.seconds for run in seen)


def main() -> None:
    """Measure and print."""
    given = [pythons.identify(Path(path)) for path in sys.argv[1:]]
    able = [python for python in given or pythons.others() if watching.can_watch(python)]
    python = max(able, key=lambda one: one.version)
    bare = seconds(_BARE, python, watch=True) - seconds(_BARE, python, watch=False)
    busy = seconds(_BUSY, python, watch=True) - seconds(_BUSY, python, watch=False)
    print(
        f"on {python.label}: watching adds {bare * 1000:.0f} ms, "
        f"and {(busy - bare) / (2 * STEPS) * 1e6:.1f} µs a moment"
    )
    times, weights = [], []
    for snippet in catalog.load(ROOT / "snippets").values():
        recording = proof.recording(snippet)
        if recording is None:
            continue
        text = snippet.path.read_text(encoding="utf-8")
        started = time.perf_counter()
        drawn = picture.svg(
            timeline.tell(recording.moments, timeline.Source(text, snippet.lines)), snippet.name, snippet.claim
        )
        times.append(time.perf_counter() - started)
        weights.append((len(gzip.compress(drawn.encode())), snippet.name))
    print(
        f"{len(times)} pictures: {statistics.median(times) * 1000:.1f} ms each, "
        f"{max(times) * 1000:.1f} ms the longest; "
        f"{statistics.median(weight for weight, _ in weights):.0f} bytes compressed, heaviest {max(weights)}"
    )


if __name__ == "__main__":
    main()
