"""Ask Lighthouse about pages of the built site."""

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pleasestop.check import make_whole

SOURCES = Path(__file__).with_name("node")
"""What npm is to install, and the program that uses it."""


def install(cache: Path) -> Path:
    """Return a folder with Lighthouse in it, below `cache`; npm brings it there once.

    Raises OSError or `subprocess.SubprocessError` where npm or the network is missing.
    """
    lock = SOURCES / "package-lock.json"
    kept = cache / f"lighthouse-{hashlib.sha256(lock.read_bytes()).hexdigest()[:12]}"
    if not kept.exists():
        with make_whole(kept) as aside:
            shutil.copytree(SOURCES, aside)
            words = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
            subprocess.run([shutil.which("npm") or "npm", *words], cwd=aside, check=True, timeout=250)
    shutil.copy(SOURCES / "audit.mjs", kept)  # it finds what it imports beside itself
    return kept


@contextmanager
def auditing(installed: Path, chromium: str) -> Iterator[Callable[[str, bool], dict[str, Any]]]:
    """Give a function that audits a page, in one browser: `audit(url, desktop)`.

    It returns `points`, from 0 to 100 by category, and `lost`, the titles of the audits that cost some.
    Raises RuntimeError where Lighthouse ends instead.
    """
    with subprocess.Popen(
        [shutil.which("node") or "node", "audit.mjs"],
        cwd=installed,
        env={**os.environ, "CHROME_PATH": chromium},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        asked, answered = process.stdin, process.stdout
        assert asked is not None
        assert answered is not None

        def audit(url: str, desktop: bool) -> dict[str, Any]:
            print(json.dumps({"url": url, "desktop": desktop}), file=asked, flush=True)
            line = answered.readline()
            if not line:
                raise RuntimeError(f"Lighthouse ended when asked about {url}; it says why on stderr")
            told: dict[str, Any] = json.loads(line)
            return told

        yield audit
