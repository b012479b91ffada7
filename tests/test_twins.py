"""Each page is also there in plain Markdown, with programs and outputs in full, and all are listed."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from conftest import CATALOG, DOCS, RECIPES
from pleasestop import contract, embed, twins

SOURCES = sorted(path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md"))
OF_THE_SITE = re.compile(r'^///|^:::|exec="on"|^</?\w+|<!--|\{#|\{ \.', re.MULTILINE)
LINK = re.compile(r"(?<!!)\[[^\]\n]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^(`{3,}).*?^\1$", re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("source", SOURCES)
def test_a_twin_holds_what_its_page_shows(site: Path, source: str) -> None:
    twin = (site / source).read_text(encoding="utf-8")
    text = (DOCS / source).read_text(encoding="utf-8")
    for block in embed.blocks(text.splitlines()):
        if block.kind == "recipe":
            assert RECIPES[block.name].text.strip() in twin
        elif block.kind == "promises":
            assert all(promise.sentence in twin for promise in RECIPES[block.name].promises)
        elif block.kind == "snippet":
            snippet = CATALOG[block.name]
            assert f"{snippet.claim}**" in twin
            if "code" in block.options.get("show", embed.SHOWN) and "region" not in block.options:
                assert snippet.program.strip() in twin
            for path in snippet.approved.values():
                lines = [line.text for line in contract.approved(path).lines]
                varies = any(pattern.search(line) for pattern in snippet.rules.masked for line in lines)
                assert varies or "output" not in block.options.get("show", embed.SHOWN) or "\n".join(lines) in twin
    prose = FENCE.sub("", twin)
    assert prose.startswith("# ")
    assert OF_THE_SITE.findall(prose) == []
    for link in LINK.findall(prose):
        target = link.partition("#")[0]
        if target and "://" not in target and not target.startswith("mailto:"):
            assert (site / source).parent.joinpath(target).resolve().is_file(), link


def test_all_pages_are_listed_for_programs(site: Path) -> None:
    listed = (site / twins.LIST).read_text(encoding="utf-8")
    assert listed.startswith("# Please Stop\n\n> ")
    assert sorted(LINK.findall(listed)) == SOURCES
    assert not re.search(r"\): *$", listed, re.MULTILINE), "a page without its description"
    full = (site / twins.FULL).read_text(encoding="utf-8")
    assert all((site / source).read_text(encoding="utf-8") in full for source in SOURCES)


def test_a_page_can_be_copied_as_markdown(served: str, site: Path, browser: Browser) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    tab = context.new_page()
    tab.goto(f"{served}threads/stop-a-thread/")
    tab.get_by_role("button", name="Copy as Markdown").click()
    tab.get_by_role("button", name="Copied").wait_for()
    twin = (site / "threads/stop-a-thread.md").read_text(encoding="utf-8")
    assert tab.evaluate("navigator.clipboard.readText()") == twin
    tab.get_by_role("link", name="View as Markdown").click()
    assert tab.url == f"{served}threads/stop-a-thread.md"
    context.close()
