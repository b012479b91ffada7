"""The site built in other ways: by the other generator, and for an address."""

import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from test_site import PAGES, VARIES, watch

from conftest import ROOT, build, serving
from pleasestop import publish


def test_zensical_shows_the_same(site: Path, tmp_path: Path, browser: Browser) -> None:
    """The other builder, from the same `mkdocs.yml`: the same words on every page, the same files beside them.

    Its own search finds a page, and its figures have their buttons.
    """
    # Zensical writes below the project only, so it gets a project of its own.
    for folder in ("docs", "theme", "snippets", "src", ".pleasestop"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("lighthouse-*", "vnu-*"))
    shutil.copy(ROOT / "mkdocs.yml", tmp_path)
    target = tmp_path / "site"
    build(["zensical", "build", "--strict"], target, tmp_path)
    for page in PAGES:
        ours, theirs = ((folder / page / "index.html").read_text(encoding="utf-8") for folder in (site, target))
        assert words(theirs) == words(ours), page
    for pattern in (
        "raw/**/*.py",
        "recipes/files/**/*.py",
        "recipes*.json",
        "llms.txt",
        "assets/pyodide-*/*",
        "assets/run*",
    ):
        for file in site.glob(pattern):
            assert (target / file.relative_to(site)).read_bytes() == file.read_bytes()
    for twin in site.rglob("*.md"):
        ours, theirs = ((folder / twin.relative_to(site)).read_text(encoding="utf-8") for folder in (site, target))
        for vary in VARIES:
            ours, theirs = vary.sub("(varies)", ours), vary.sub("(varies)", theirs)
        assert theirs == ours, twin
    with serving(target) as address:
        tab = browser.new_page()
        told = watch(tab, address)
        tab.goto(f"{address}tasks/cancel-a-task/")
        for label in ("Copy", "Run", "Edit", "Play"):
            assert tab.get_by_role("button", name=label, exact=True).count() > 1, label
        tab.locator(".md-search__button").click()
        tab.get_by_role("combobox", name="Search").fill("stop a thread")
        tab.get_by_role("option", name="How do I stop a thread in Python?").first.click()
        tab.wait_for_url(f"{address}threads/stop-a-thread/*")
        assert told == []
        tab.close()


class Text(HTMLParser):
    """The text of a piece of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.feed(html)

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


def words(html: str) -> list[str]:
    """What an article says, without what varies from run to run, and the tags that one builder shows."""
    article = html[html.index("<article") : html.index("</article>")]
    article = re.sub(r'<nav class="md-tags".*?</nav>', "", article, flags=re.DOTALL)
    text = "".join(Text(article).parts)
    for vary in VARIES:
        text = vary.sub("(varies)", text)
    return text.split()


@pytest.mark.usefixtures("site")  # whose runs it finds
def test_the_address_of_the_site_is_one_setting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    address = "https://example.org/stop/"
    monkeypatch.setenv("PLEASESTOP_SITE_URL", address.rstrip("/"))
    build(["mkdocs", "build", "--strict", "--site-dir", str(tmp_path)], tmp_path)
    page = (tmp_path / "tasks/cancel-a-task/index.html").read_text(encoding="utf-8")
    for line in (
        f'<link rel="canonical" href="{address}tasks/cancel-a-task/">',
        f'<meta property="og:url" content="{address}tasks/cancel-a-task/">',
        f'<meta property="og:image" content="{address}assets/card.png">',
    ):
        assert line in page
    assert f"Sitemap: {address}sitemap.xml\n" in (tmp_path / "robots.txt").read_text(encoding="utf-8")
    assert f"({address}tasks/cancel-a-task.md)" in (tmp_path / "llms.txt").read_text(encoding="utf-8")
    assert f'href="{address}recipes/finish/"' in (tmp_path / publish.FEED).read_text(encoding="utf-8")
    assert f"<loc>{address}recipes/finish/</loc>" in (tmp_path / "sitemap.xml").read_text(encoding="utf-8")
