"""What Lighthouse says of pages of each kind."""

import statistics
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import lighthouse
import pytest
from playwright.sync_api import sync_playwright

from conftest import ROOT, chromium_path, lacking

WHOLE = ("accessibility", "best-practices", "seo")
FAST = "performance"


@pytest.fixture(scope="module")
def installed() -> Path:
    """The folder with Lighthouse."""
    try:
        return lighthouse.install(ROOT / ".pleasestop")
    except (OSError, subprocess.SubprocessError) as error:
        lacking(f"npm cannot give Lighthouse: {error}")


@pytest.fixture(scope="module")
def chromium() -> str:
    """Where the browser is."""
    with sync_playwright() as playwright:
        return chromium_path(playwright)


@pytest.mark.parametrize(
    ("page", "desktop"),
    [
        ("", False),
        ("tasks/cancel-a-task/", False),
        ("tasks/cancel-a-task/", True),
        ("recipes/finish/", False),
        ("reference/ledger/", False),
        ("reference/what-each-wait-does/", False),
        ("404.html", False),
    ],
)
def test_lighthouse_gives_all_points(served: str, installed: Path, chromium: str, page: str, desktop: bool) -> None:
    """And for speed nearly all: where one run gives fewer, the median of five counts."""

    def run(categories: Sequence[str]) -> dict[str, Any]:
        return lighthouse.audit(installed, served + page, chromium, categories, desktop=desktop)

    told = run((*WHOLE, FAST))
    scores = {name: one["score"] for name, one in told["categories"].items()}
    lost = {name: one["title"] for name, one in told["audits"].items() if one["score"] is not None and one["score"] < 1}
    fast = 100 * scores.pop(FAST)
    assert scores == dict.fromkeys(WHOLE, 1), lost
    if fast < lighthouse.WANTED:
        fast = statistics.median([fast, *(100 * run([FAST])["categories"][FAST]["score"] for _ in range(4))])
    assert fast >= lighthouse.WANTED, lost
