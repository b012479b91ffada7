"""The boxes of every page at three widths: nothing overlaps, nothing is cut, nothing scrolls sideways unseen."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from support import DOCS, complaints

PAGES = sorted(
    path.relative_to(DOCS).with_suffix("").as_posix().removesuffix("index").rstrip("/") + "/"
    for path in DOCS.rglob("*.md")
)
WIDTHS = (1280, 768, 360)
SCRIPT = Path(__file__).with_name("boxes.js").read_text(encoding="utf-8")
OPEN = """
* { content-visibility: visible !important; transition: none !important; }
.ps-panel { display: block !important; }
"""
"""Shows what is laid out late, and the outputs of other versions."""

FOLD = "(open) => document.querySelectorAll('details').forEach((each) => { each.open = open; })"
FIRST_OUTPUT = "Math.round(document.querySelector('figure.ps-snippet .ps-printed').getBoundingClientRect().bottom)"
EVIDENCE = """[...document.querySelectorAll('.ps-evidence')]
    .filter((line) => !line.querySelector(':scope > span') && !line.closest('figure').closest('details'))
    .filter((line) => line.getBoundingClientRect().height > 44)
    .map((line) => line.closest('figure').id)"""
"""The figures whose evidence takes more than a line, but for what a program needs, and inside an answer that folds."""


def measure(tab: Page, address: str, pages: Sequence[str]) -> list[str]:
    """Return every fault of the pages, with its width; a page is loaded once and resized in place."""
    found = complaints(tab, address)
    faults = []
    for number, page in enumerate(pages):
        tab.goto(address + page.lstrip("/"))
        tab.add_style_tag(content=OPEN)
        for width in WIDTHS if number % 2 == 0 else reversed(WIDTHS):  # to and fro, to resize seldom
            tab.set_viewport_size({"width": width, "height": 800})
            tab.evaluate(FOLD, False)
            if width == WIDTHS[0] and "/" in page[:-1] and not page.startswith(("about/", "recipes/", "reference/")):
                end = tab.evaluate(FIRST_OUTPUT)  # of a guide
                faults += [f"{page}: the first output ends at {end}, and the first screen at 800"] if end > 800 else []
            faults += [f"{page} at {width}: more than a line of evidence: {name}" for name in tab.evaluate(EVIDENCE)]
            tab.evaluate(FOLD, True)
            faults += [f"{page} at {width}: {fault}" for fault in tab.evaluate(SCRIPT)]
            if not tab.locator("h1").is_visible():
                faults.append(f"{page} at {width}: no heading")
        faults += [f"{page}: {complaint}" for complaint in found]
        found.clear()
    return faults


def test_the_boxes_of_every_page(served: str, browser: Browser) -> None:
    """Each page also has its heading, writes nothing to the console, and asks no other host."""
    tab = browser.new_page()  # one for all: a new one takes three times as long to show its first page
    assert measure(tab, served, PAGES) == []
    tab.close()


@pytest.mark.parametrize(
    ("html", "fault"),
    [
        ("<p style='width: 200%'>wide</p>", "the page scrolls sideways: html"),
        ("<p style='overflow: hidden; width: 3em; white-space: nowrap'>a long line</p>", "cut text: p"),
        ("<p style='overflow: hidden; height: 1em'>a line<br><br>and one below</p>", "cut text: p"),
        ("<div class='ps-output'><pre style='overflow: auto; width: 3em'>a long line</pre></div>", "output to scroll"),
        ("<p>some words<button style='position: absolute; left: 20px'>Copy</button></p>", "overlap: button"),
        ("<p>some words</p><p style='margin-top: -2em'>other words</p>", "overlap: p"),
        ("<svg width='60' height='20'><text y='12'>a name that is long</text></svg>", "cut text: svg"),
    ],
)
def test_each_kind_of_fault_is_found(browser: Browser, html: str, fault: str) -> None:
    tab = browser.new_page()
    tab.set_content(html)
    assert any(found.startswith(fault) for found in tab.evaluate(SCRIPT)), tab.evaluate(SCRIPT)
    tab.close()
