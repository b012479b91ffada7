"""Every benchmark works; what it measures is for a person to read."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from support import ROOT, lacking

LAST = {
    "build": r"peak memory: \d+ MB",
    "prove": r"2 snippets, \d+ runs: .* ms a run",
    "watch": r"\d+ bytes compressed, \d+ the heaviest \(\w+\)",
}
"""What the last line of each benchmark says."""
BENCHMARKS = sorted((ROOT / "tools/benchmarks").glob("*.py"))


@pytest.mark.parametrize("path", BENCHMARKS, ids=lambda path: path.stem)
def test_a_benchmark_measures_to_its_end(path: Path) -> None:
    done = subprocess.run(
        [sys.executable, path, "--smoke"], cwd=ROOT, capture_output=True, text=True, timeout=250, check=False
    )
    if "no CPython 3.12 or newer" in done.stdout:
        lacking(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.fullmatch(LAST[path.stem], done.stdout.splitlines()[-1]), done.stdout
