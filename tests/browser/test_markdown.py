"""A page in plain Markdown: copied, or viewed."""

from pathlib import Path

from playwright.sync_api import Browser


def test_a_page_can_be_copied_as_markdown(served: str, site: Path, browser: Browser) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    tab = context.new_page()
    tab.goto(f"{served}threads/stop-a-thread/")
    tab.get_by_role("button", name="Copy as Markdown").click()
    tab.get_by_role("button", name="Copied").wait_for()
    markdown = (site / "threads/stop-a-thread.md").read_text(encoding="utf-8")
    assert tab.evaluate("navigator.clipboard.readText()") == markdown
    tab.get_by_role("link", name="View as Markdown").click()
    assert tab.url == f"{served}threads/stop-a-thread.md"
    context.close()
