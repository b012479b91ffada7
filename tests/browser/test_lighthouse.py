"""What Lighthouse says of pages of each kind, on a phone and on a desktop."""

import statistics
import subprocess
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import sync_playwright

import lighthouse
from support import ROOT, chromium_path, lacking

FAST = 98
"""Points for speed that a page has at least."""

PAGES = (
    "",
    "tasks/cancel-a-task/",
    "recipes/finish/",
    "reference/ledger/",
    "reference/what-each-wait-does/",
    "404.html",
)
EVERY_RUN = [("tasks/cancel-a-task/", False), ("", True)]
"""What every test run audits: a guide on a phone, the home page on a desktop."""
THOROUGH = [(page, desktop) for page in PAGES for desktop in (False, True) if (page, desktop) not in EVERY_RUN]


@pytest.fixture(scope="module")
def audit() -> Iterator[Callable[[str, bool], dict[str, Any]]]:
    """Audit a page: its address, and whether as on a desktop."""
    try:
        installed = lighthouse.install(ROOT / ".pleasestop")
    except (OSError, subprocess.SubprocessError) as error:
        lacking(f"npm cannot give Lighthouse: {error}")
    with sync_playwright() as playwright:
        chromium = chromium_path(playwright)
    with lighthouse.auditing(installed, chromium) as function:
        yield function


@pytest.mark.alone
@pytest.mark.parametrize(
    ("page", "desktop"), [*EVERY_RUN, *(pytest.param(*one, marks=pytest.mark.thorough) for one in THOROUGH)]
)
def test_lighthouse_gives_all_points(
    served: str, audit: Callable[[str, bool], dict[str, Any]], page: str, desktop: bool
) -> None:
    """The speed counts by one run, or else by the median of five, because another program may slow one."""
    report = audit(served + page, desktop)
    speeds = [report["points"].pop("performance")]
    assert report["points"] == {"accessibility": 100, "best-practices": 100, "seo": 100}, report["lost"]
    if speeds[0] < FAST:
        speeds += [audit(served + page, desktop)["points"]["performance"] for _ in range(4)]
    assert statistics.median(speeds) >= FAST, (speeds, report["lost"])
