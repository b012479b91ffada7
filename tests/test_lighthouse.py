"""What Lighthouse says of pages of each kind."""

import subprocess
from pathlib import Path

import lighthouse
import pytest
from playwright.sync_api import sync_playwright

from conftest import ROOT, chromium_path, lacking

WHOLE = ("accessibility", "best-practices", "seo")


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
        ("tasks/cancel-the-current-task/", True),
        ("recipes/finish/", False),
        ("reference/ledger/", False),
        ("404.html", False),
    ],
)
def test_lighthouse_gives_all_points(served: str, installed: Path, chromium: str, page: str, desktop: bool) -> None:
    told = lighthouse.audit(installed, served + page, chromium, WHOLE, desktop=desktop)
    lost = {name: one["title"] for name, one in told["audits"].items() if one["score"] is not None and one["score"] < 1}
    assert {name: told["categories"][name]["score"] for name in WHOLE} == dict.fromkeys(WHOLE, 1), lost
