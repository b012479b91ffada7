"""What proving costs: `python benchmarks/prove.py`.

Runs all snippets once on each Python from 3.11 on that is found, many at once as `pleasestop
prove` does, and prints the wall time against the larger of the CPU time used (by the programs
and by the runner) divided by the cores, and the longest snippet; then the same for every other
snippet, to see that time grows with their number. Nothing else should run meanwhile.
"""

import os
import resource
import time
from pathlib import Path

from packaging.version import Version

from pleasestop import catalog, pythons, runner
from pleasestop.catalog import Snippet
from pleasestop.check import job
from pleasestop.cli import LOAD
from pleasestop.pythons import Python
from pleasestop.runner import Run

ROOT = Path(__file__).resolve().parent.parent


def measure(snippets: list[Snippet], found: list[Python]) -> tuple[int, float, float, float]:
    """Run each snippet once on each Python; return runs, wall, CPU and the longest, in seconds."""
    jobs = [job(snippet, python) for snippet in snippets for python in found if python.admits(snippet)]
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


def main() -> None:
    """Measure and print."""
    found = [python for python in pythons.others() if python.version >= Version("3.11")]
    snippets = list(catalog.load(ROOT / "snippets").values())
    cores = os.cpu_count() or 1
    print(f"on {', '.join(python.label for python in found)}, {LOAD} at once on {cores} cores")
    for some in (snippets[::2], snippets):
        runs, wall, cpu, longest = measure(some, found)
        floor = max(cpu / cores, longest)
        print(
            f"{len(some)} snippets, {runs} runs: {wall:.1f} s, x{wall / floor:.2f} of the larger of "
            f"CPU / cores ({cpu / cores:.1f} s) and the longest ({longest:.1f} s); {wall / runs * 1000:.0f} ms a run"
        )


if __name__ == "__main__":
    main()
