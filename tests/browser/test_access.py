"""Everybody can use the built site: with a screen reader, on a phone, by a link to a place in a page."""

from collections.abc import Iterator
from itertools import product
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from support import read_through, violations

OF_EACH_KIND = (
    "",
    "tasks/cancel-the-current-task/",
    "recipes/",
    "recipes/finish/",
    "questions/",
    "errors-asyncio/",
    "reference/what-each-wait-does/",
    "reference/ledger/",
    "about/how-this-site-is-made/",
    "404.html",
)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
PALETTES = {"light": "default", "dark": "slate"}
WIDTHS = (1280, 360, 320)


@pytest.fixture(scope="module")
def only_tab(browser: Browser) -> Iterator[Page]:
    """A tab without animations, which would be checked while they move."""
    context = browser.new_context(reduced_motion="reduce", permissions=["clipboard-read", "clipboard-write"])
    yield context.new_page()
    context.close()


@pytest.fixture
def tab(only_tab: Page) -> Iterator[Page]:
    """The tab, emptied after each test: a new one takes three times as long to show its first page."""
    yield only_tab
    only_tab.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
    only_tab.goto("about:blank")


def shorten(tab: Page) -> None:
    """Remove all but six rows of each table, three tables and three figures; axe takes seconds for a whole page."""
    more = "article :is(tr:nth-child(n + 7), table ~ table ~ table ~ table, figure ~ figure ~ figure ~ figure)"
    tab.locator(more).evaluate_all("all => all.forEach((one) => one.remove())")


def switch_palette(tab: Page, palette: str) -> None:
    """Switch to a palette, unless the page has it already."""
    body = tab.locator("body")
    if body.get_attribute("data-md-color-scheme") != palette:
        tab.locator("label.md-header__button[for^=__palette]:visible").click()
    expect(body).to_have_attribute("data-md-color-scheme", palette)


EVERY_RUN = [(page, *((360, "dark") if number % 2 else (1280, "light"))) for number, page in enumerate(OF_EACH_KIND)]
"""What every test run checks: each kind of page once, wide and light or narrow and dark by turns."""
THOROUGH = [one for one in product(OF_EACH_KIND, WIDTHS, SCHEMES) if one not in EVERY_RUN]


@pytest.mark.parametrize(
    ("page", "width", "scheme"), [*EVERY_RUN, *(pytest.param(*one, marks=pytest.mark.thorough) for one in THOROUGH)]
)
def test_axe_finds_nothing(served: str, tab: Page, page: str, width: int, scheme: Literal["light", "dark"]) -> None:
    """The page violates no rule of WCAG 2.2 AA, and none of the best practices of axe."""
    tab.set_viewport_size({"width": width, "height": 800})
    tab.goto(served + page)
    tab.wait_for_load_state("networkidle")
    switch_palette(tab, PALETTES[scheme])
    read_through(tab)
    assert violations(tab) == [], f"{page} in {scheme} at {width}"


@pytest.mark.parametrize(
    ("page", "width"),
    [
        ("", 360),
        ("tasks/cancel-the-current-task/", 1280),
        ("recipes/", 360),
        ("recipes/finish/", 360),
        ("reference/ledger/", 360),
        ("reference/what-each-wait-does/", 1280),
        ("404.html", 360),
    ],
)
def test_axe_finds_nothing_when_every_control_was_pressed(served: str, tab: Page, page: str, width: int) -> None:
    """Press every control but Run, which has a test of its own because it starts a Python."""
    tab.set_viewport_size({"width": width, "height": 800})
    tab.goto(served + page)
    tab.wait_for_load_state("networkidle")
    if page.startswith("reference/"):
        shorten(tab)  # the other rows are like these
    # The tab of the newest output is open already.
    controls = "summary, button:not(.ps-run > button), .ps-versions > input:last-of-type + label"
    pressed = 0
    for control in tab.locator("article").locator(controls).all():
        if control.is_enabled() and control.is_visible():
            control.click()
            pressed += 1
    assert pressed >= 2 or page in ("recipes/", "reference/ledger/", "404.html")
    for choice in tab.locator("article select").all():
        choice.select_option(index=1)
    for control in tab.locator("article .ps-run button:text-is('Edit')").all():
        control.click()
    read_through(tab)
    assert violations(tab) == [], "in the page"

    shorten(tab)
    switch_palette(tab, "slate")
    assert violations(tab) == [], "after the switch of the palette"

    if width < 400:
        tab.locator("label.md-header__button[for=__drawer]").click()
        assert tab.locator(".md-sidebar--primary a").first.is_visible()
        assert violations(tab) == [], "in the navigation"
        tab.locator("label.md-overlay").click(position={"x": 340, "y": 400})
    tab.keyboard.press("/")
    tab.locator(".md-search__input").press_sequentially("thread")
    tab.get_by_role("option").first.wait_for()
    assert violations(tab) == [], "in the search"


def test_axe_can_find_something(browser: Browser) -> None:
    tab = browser.new_page()
    tab.set_content('<html lang="en"><title>x</title><main><h1>x</h1><img src="data:,"></main></html>')
    assert [found.partition(":")[0] for found in violations(tab)] == ["image-alt"]
    tab.close()


@pytest.mark.parametrize("width", [1280, 360])
def test_a_link_leads_to_its_place_in_the_page(served: str, tab: Page, width: int) -> None:
    """The place is at the top of the window, although figures out of sight are laid out only when they come near."""
    page = "processes/stop-a-process/"
    tab.set_viewport_size({"width": width, "height": 800})
    tab.goto(served + page)
    places = tab.locator("article :is(h2, h3, figure)[id]").evaluate_all("all => all.map((one) => one.id)")
    assert len(places) > 15
    for place in places[1::3]:
        tab.goto("about:blank")
        tab.goto(f"{served}{page}#{place}")
        tab.wait_for_load_state("networkidle")
        top, left = tab.evaluate(
            """(place) => [
            document.getElementById(place).getBoundingClientRect().top,
            document.documentElement.scrollHeight - scrollY - innerHeight,
        ]""",
            place,
        )
        assert 60 <= top <= 80 or left < 2, place


@pytest.mark.parametrize("width", [1280, 360])
def test_the_room_kept_for_a_figure_is_about_its_height(served: str, tab: Page, width: int) -> None:
    tab.set_viewport_size({"width": width, "height": 800})
    tab.goto(f"{served}errors-asyncio/")
    tab.wait_for_load_state("networkidle")
    kept = tab.evaluate("document.documentElement.scrollHeight")
    tab.add_style_tag(content="figure.ps-snippet.ps-snippet { content-visibility: visible !important; }")
    needed = tab.evaluate("document.documentElement.scrollHeight")
    assert kept != needed, "figures were laid out at once"
    assert kept == pytest.approx(needed, rel=0.05)
