"""A headless Chromium, and the built site on a local server."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from support import chromium, serving


@pytest.fixture(scope="session")
def served(site: Path) -> Iterator[str]:
    """The address of the built site on a local server."""
    with serving(site) as address:
        yield address


# Not for the session: while Playwright is there, its event loop runs in this thread.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium."""
    with sync_playwright() as playwright:
        launched = chromium(playwright)
        yield launched
        launched.close()
