"""Measure what proving costs: `python tools/benchmarks/prove.py`.

Runs all snippets once on each Python from 3.11 on that is found, many at once as `pleasestop
prove` does, and prints the wall time against the larger of the CPU time used (by programs and
runner) divided by the cores, and the longest snippet; then the same for every other snippet,
to see that time grows with their number. Nothing else should run. `--smoke` takes two snippets.
"""

import os
import resource
import sys
import time
from pathlib import Path

from packaging.version import Version

from pleasestop.cli.snippets import LOAD
from pleasestop.snippets import interpreters, parse, runner
from pleasestop.snippets.cache import job
from pleasestop.snippets.interpreters import Interpreter
from pleasestop.snippets.model import Snippet
from pleasestop.snippets.runner import Run

ROOT = Path(__file__).resolve().parents[2]


def measure(snippets: list[Snippet], found: list[Interpreter]) -> tuple[int, float, float, float]:
    """Run each snippet once on each interpreter; return runs, wall, CPU and the longest, in seconds."""
    jobs = [job(snippet, one) for snippet in snippets for one in found if one.admits(snippet)]
    longest = 0.0

    def done(_: int, run: Run) -> None:
        nonlocal longest
        longest = max(longest, run.seconds)

    cpu, started = used(), time.perf_counter()
    runner.run_all(jobs, LOAD, done)
    return len(jobs), time.perf_counter() - started, used() - cpu, longest


def used() -> float:
    """Return the CPU seconds of this process and of the children that it has waited for."""
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def main(smoke: bool) -> None:
    """Measure and print."""
    found = [one for one in interpreters.find_all() if one.version >= Version("3.11")] or [interpreters.own()]
    snippets = list(parse.load(ROOT / "snippets")[0].values())[: 2 if smoke else None]
    cores = os.cpu_count() or 1
    print(f"on {', '.join(one.label for one in found)}, {LOAD} at once on {cores} cores")
    for some in (snippets[::2], snippets):
        runs, wall, cpu, longest = measure(some, found)
        floor = max(cpu / cores, longest)
        print(
            f"{len(some)} snippets, {runs} runs: {wall:.1f} s, x{wall / floor:.2f} of the larger of "
            f"CPU / cores ({cpu / cores:.1f} s) and the longest ({longest:.1f} s); {wall / runs * 1000:.0f} ms a run"
        )


if __name__ == "__main__":
    main("--smoke" in sys.argv[1:])
