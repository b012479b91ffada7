"""What the checks of content look at: all snippets and pages, or those of `--only NAME`."""

from pathlib import Path

import pytest

from pleasestop.messages import not_found
from pleasestop.site import blocks
from pleasestop.site.blocks import Block
from pleasestop.snippets import interpreters
from pleasestop.snippets.cache import RunCache
from pleasestop.snippets.check import Result, check
from pleasestop.snippets.model import Snippet
from support import DOCS, SNIPPETS


@pytest.fixture(scope="session")
def page_blocks() -> dict[Path, list[Block]]:
    """The blocks of each page."""
    return {page: blocks.find(page.read_text(encoding="utf-8").split("\n")) for page in sorted(DOCS.rglob("*.md"))}


@pytest.fixture(scope="session")
def shown_on(page_blocks: dict[Path, list[Block]]) -> dict[str, list[Path]]:
    """The pages that show each snippet, by its name."""
    shown: dict[str, list[Path]] = {}
    for page, found in page_blocks.items():
        for block in found:
            if block.kind == "snippet":
                shown.setdefault(block.name, []).append(page)
    return shown


@pytest.fixture(scope="session")
def snippets(request: pytest.FixtureRequest) -> list[Snippet]:
    """The snippets to check."""
    only = request.config.getoption("--only")
    if only is None:
        return list(SNIPPETS.values())
    if only not in SNIPPETS:
        pytest.exit(not_found("snippet", only, SNIPPETS), returncode=2)
    return [SNIPPETS[only]]


@pytest.fixture(scope="session")
def pages(
    request: pytest.FixtureRequest, page_blocks: dict[Path, list[Block]], shown_on: dict[str, list[Path]]
) -> list[Path]:
    """The pages to check."""
    only = request.config.getoption("--only")
    return sorted(page_blocks) if only is None else shown_on.get(only, [])


@pytest.fixture(scope="session")
def results(snippets: list[Snippet]) -> list[Result]:
    """The snippets, run now on the Python of the tests, or on another one that admits them."""
    own = [interpreters.own()]
    return check([(snippet, interpreters.choose(snippet, own)) for snippet in snippets], RunCache(None))
