"""Run Lighthouse on pages of the built site; as a program, tell how fast they are.

    python tests/lighthouse.py http://127.0.0.1:8080/

The site must be served there with compression, as `container/` does, and the machine have
nothing else to do. Prints for pages of each kind the median of five runs on a phone, slow as
Lighthouse makes it, and on a desktop; the exit status is 1 where one is below 98.
"""

import hashlib
import json
import os
import shutil
import statistics
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pleasestop.check import make_whole

PINS = Path(__file__).with_name("node")
"""What npm is to install."""

WANTED = 98


def install(cache: Path) -> Path:
    """Return a folder with Lighthouse in it, below `cache`; npm brings it there once.

    Raises OSError or `subprocess.SubprocessError` where npm or the network is missing.
    """
    lock = PINS / "package-lock.json"
    kept = cache / f"lighthouse-{hashlib.sha256(lock.read_bytes()).hexdigest()[:12]}"
    if not kept.exists():
        with make_whole(kept) as aside:
            shutil.copytree(PINS, aside)
            words = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
            subprocess.run([shutil.which("npm") or "npm", *words], cwd=aside, check=True, timeout=250)
    return kept


def audit(installed: Path, url: str, chromium: str, categories: Sequence[str], *, desktop: bool) -> dict[str, Any]:
    """Return Lighthouse's report (its JSON) on one page."""
    done = subprocess.run(
        [
            shutil.which("node") or "node",
            installed / "node_modules/lighthouse/cli/index.js",
            url,
            f"--only-categories={','.join(categories)}",
            "--chrome-flags=--headless=new --no-sandbox --disable-gpu",
            "--output=json",
            "--quiet",
            *(["--preset=desktop"] if desktop else []),
        ],
        env={**os.environ, "CHROME_PATH": chromium},
        capture_output=True,
        text=True,
        timeout=180,
        check=True,
    )
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def main(address: str) -> int:
    """Measure; return the exit status."""
    installed = install(Path(".pleasestop"))
    slow = 0
    for page in ("", "tasks/cancel-a-task/", "recipes/finish/", "reference/ledger/", "reference/what-each-wait-does/"):
        for desktop in (False, True):
            url, chromium = address + page, shutil.which("chromium") or "chrome"
            runs = [audit(installed, url, chromium, ["performance"], desktop=desktop) for _ in range(5)]
            scores = sorted(round(100 * run["categories"]["performance"]["score"]) for run in runs)
            weight = round(runs[0]["audits"]["total-byte-weight"]["numericValue"] / 1000)
            median = statistics.median(scores)
            slow += median < WANTED
            print(f"{median:3} {scores} {weight} kB  {'desktop' if desktop else 'phone  '} /{page}", flush=True)
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
