"""The site as files, read without a server or a network: `pleasestop build --offline`."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from support import broken_links, build, complaints


@pytest.fixture(scope="module")
def offline(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:  # noqa: ARG001 (its runs are kept)
    """The site, built to be read from files."""
    target = tmp_path_factory.mktemp("offline") / "please-stop"
    build(["pleasestop", "build", "--offline", "--to", str(target)], target)
    return target


def test_every_link_leads_to_a_file(offline: Path) -> None:
    assert broken_links(offline) == []
    assert not list(offline.glob("assets/pyodide-*")), "a page that is a file may not start Python"


def test_a_reader_finds_a_page_from_a_file(offline: Path, browser: Browser) -> None:
    tab = browser.new_page()
    found = complaints(tab, offline.as_uri())
    tab.goto((offline / "index.html").as_uri())
    tab.get_by_role("link", name="The task that you are in").click()
    tab.wait_for_url((offline / "tasks/cancel-the-current-task.html").as_uri())
    box = tab.locator(".md-search__input")
    box.click()
    box.press_sequentially("stop a thread")
    tab.get_by_role("option", name="How do I stop a thread in Python?").first.click()
    tab.wait_for_url(f"{offline.as_uri()}/threads/stop-a-thread.html*")
    assert found == []
    tab.close()
