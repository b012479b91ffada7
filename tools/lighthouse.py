"""Audit pages of the built site with Lighthouse."""

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pleasestop.files import atomic_folder

SOURCES = Path(__file__).with_name("node")
"""What npm installs, and the program that uses it."""


def install(cache: Path) -> Path:
    """Return a folder with Lighthouse in it, below `cache`; npm installs it once.

    Raises OSError or `subprocess.SubprocessError` where npm or the network is missing.
    """
    lock = SOURCES / "package-lock.json"
    kept = cache / f"lighthouse-{hashlib.sha256(lock.read_bytes()).hexdigest()[:12]}"
    if not kept.exists():
        with atomic_folder(kept) as target:
            shutil.copytree(SOURCES, target)
            words = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
            subprocess.run([shutil.which("npm") or "npm", *words], cwd=target, check=True, timeout=250)
    shutil.copy(SOURCES / "audit.mjs", kept)  # it imports from the folder that it is in
    return kept


@contextmanager
def auditing(installed: Path, chromium: str) -> Iterator[Callable[[str, bool], dict[str, Any]]]:
    """Yield a function that audits a page, in one browser: `audit(url, desktop)`.

    It returns `points`, from 0 to 100 by category, and `lost`, the titles of the audits that cost some.
    Raises RuntimeError where Lighthouse exits instead.
    """
    with subprocess.Popen(
        [shutil.which("node") or "node", "audit.mjs"],
        cwd=installed,
        env={**os.environ, "CHROME_PATH": chromium},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        requests, answers = process.stdin, process.stdout
        assert requests is not None
        assert answers is not None

        def audit(url: str, desktop: bool) -> dict[str, Any]:
            print(json.dumps({"url": url, "desktop": desktop}), file=requests, flush=True)
            line = answers.readline()
            if not line:
                raise RuntimeError(f"Lighthouse exited at {url}; it says why on stderr")
            report: dict[str, Any] = json.loads(line)
            return report

        yield audit
