"""What our own script does on every page: palette, contents, drawer, keys."""

import gzip
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

GUIDE = "tasks/cancel-a-task/"


@pytest.fixture
def tab(browser: Browser) -> Iterator[Page]:
    """A tab as wide as a laptop, on a system with a dark palette."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, color_scheme="dark")
    yield context.new_page()
    context.close()


def open_quietly(tab: Page, url: str) -> list[str]:
    """Open a page and wait until it requests no more; return the paths it requests, a list that grows."""
    asked: list[str] = []
    tab.on("request", lambda request: asked.append(urlsplit(request.url).path.lstrip("/")))
    tab.goto(url)
    tab.wait_for_load_state("networkidle")
    return asked


@pytest.mark.parametrize(
    ("page", "limit"),
    [("", 56), (GUIDE, 62), ("recipes/finish/", 65), ("404.html", 65), ("reference/ledger/", 90)],
)
def test_a_first_visit_loads_few_kilobytes(served: str, site: Path, tab: Page, page: str, limit: int) -> None:
    asked = dict.fromkeys(open_quietly(tab, served + page))
    files = [site / (path + "index.html" if path in ("", page) and path != "404.html" else path) for path in asked]
    weights = {file.name: len(gzip.compress(file.read_bytes(), 9)) for file in files}
    assert len(weights) > 8
    assert sum(weights.values()) <= 1000 * limit, weights


def test_the_palette_is_the_systems_until_one_is_chosen(served: str, tab: Page) -> None:
    body = tab.locator("body")
    tab.goto(served + GUIDE)
    expect(body).to_have_attribute("data-md-color-scheme", "slate")
    tab.emulate_media(color_scheme="light")
    expect(body).to_have_attribute("data-md-color-scheme", "default")
    tab.emulate_media(color_scheme="dark")
    expect(body).to_have_attribute("data-md-color-scheme", "slate")
    tab.get_by_title("Switch to the light palette").click()
    expect(body).to_have_attribute("data-md-color-scheme", "default")
    expect(tab.get_by_title("Switch to the dark palette")).to_be_visible()
    tab.get_by_role("radio", name="Switch to the dark palette").press("Enter")
    expect(body).to_have_attribute("data-md-color-scheme", "slate")
    tab.get_by_role("radio", name="Switch to the light palette").press("Enter")
    expect(body).to_have_attribute("data-md-color-scheme", "default")
    tab.reload()
    expect(body).to_have_attribute("data-md-color-scheme", "default")
    assert tab.evaluate("getComputedStyle(document.documentElement).colorScheme") != "dark"


def test_the_palette_is_applied_before_the_page_is_painted(served: str, tab: Page) -> None:
    """On a dark system the light palette does not flash: the body is dark as soon as the heading is parsed."""
    tab.add_init_script("""
        const all = new MutationObserver(() => {
            if (!document.querySelector("main h1")) return;
            window.palette = document.body.dataset.mdColorScheme;
            all.disconnect();
        });
        all.observe(document, { childList: true, subtree: true });
    """)
    tab.goto(served + GUIDE)
    assert tab.evaluate("palette") == "slate"


@pytest.mark.parametrize(("width", "sidebar"), [(1280, "primary"), (1000, "secondary")])
def test_the_table_of_contents_follows(served: str, tab: Page, width: int, sidebar: str) -> None:
    """In a wide window it stands below the page's own link, so that a figure has the room beside the text."""
    tab.set_viewport_size({"width": width, "height": 800})
    tab.goto(served + GUIDE)
    active = tab.locator(f".md-sidebar--{sidebar} .md-nav--secondary .md-nav__link--active:visible")
    expect(active).to_have_count(0)
    tab.locator("#give-a-reason").scroll_into_view_if_needed()
    tab.get_by_role("link", name="Give a reason").first.click()
    expect(active).to_have_text("Give a reason")
    tab.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    expect(active).to_have_text("Next")
    tab.evaluate("scrollTo(0, 0)")
    expect(active).to_have_count(0)


def test_long_lists_scroll_to_the_current_place(served: str, tab: Page) -> None:
    tab.goto(f"{served}about/engine/")
    expect(tab.locator(".md-nav--primary .md-nav__link--active[href='./']")).to_be_in_viewport()
    tab.evaluate("document.querySelector('.md-content h2:last-of-type').scrollIntoView()")
    expect(tab.locator(".md-nav--secondary .md-nav__link--active:visible")).to_be_in_viewport()


def test_the_drawer_closes_when_a_link_in_it_is_followed(served: str, tab: Page) -> None:
    tab.set_viewport_size({"width": 360, "height": 740})
    tab.goto(served + GUIDE)
    tab.locator("label.md-header__button[for=__drawer]").click()
    expect(tab.locator("#__drawer")).to_be_checked()
    tab.locator(".md-nav__link[for=__toc]").click()
    tab.locator(".md-sidebar--primary").get_by_role("link", name="Give a reason").click()
    expect(tab.locator("#__drawer")).not_to_be_checked()
    tab.wait_for_url("**/#give-a-reason")


def test_n_and_p_open_the_next_and_the_previous_page(served: str, tab: Page) -> None:
    tab.goto(served + GUIDE)
    tab.keyboard.press("n")
    tab.wait_for_url(f"{served}tasks/cancel-the-current-task/")
    tab.keyboard.press("p")
    tab.wait_for_url(served + GUIDE)
    tab.get_by_role("button", name="Edit").first.click()
    tab.get_by_role("textbox").last.press("n")  # types a letter
    tab.keyboard.press("s")
    assert tab.url == served + GUIDE
    expect(tab.locator("#__search")).not_to_be_checked()
