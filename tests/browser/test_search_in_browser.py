"""The search: it finds the page for a question, by keyboard and screen reader, and is loaded when it is opened."""

import gzip
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml
from playwright.sync_api import Browser, Locator, Page, Route, expect

from support import ROOT, complaints

GUIDE = "tasks/cancel-a-task/"
SCRIPT = "**/assets/search-index.js"
QUERIES: dict[str, dict[str, list[str]]] = yaml.safe_load(
    (ROOT / "tests/browser/searches.yml").read_text(encoding="utf-8")
)


def is_held_out(query: str) -> bool:
    """Return whether a collected query is never looked at while the search is tuned, only counted."""
    return hashlib.sha256(query.encode()).digest()[0] % 2 == 0


TUNED = QUERIES["tuned"] | {query: pages for query, pages in QUERIES["collected"].items() if not is_held_out(query)}
HELD_OUT = {query: pages for query, pages in QUERIES["collected"].items() if is_held_out(query)}


@pytest.fixture
def tab(browser: Browser) -> Iterator[Page]:
    """A tab as wide as a laptop."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    yield context.new_page()
    context.close()


def field_of(tab: Page) -> Locator:
    """Return the field of the search."""
    return tab.get_by_role("combobox", name="Search")


def options_of(tab: Page) -> Locator:
    """Return the results of the search."""
    return tab.get_by_role("listbox", name="Results").get_by_role("option")


def active_option(tab: Page) -> Locator:
    """Return the result that Enter opens."""
    return tab.get_by_role("listbox", name="Results").get_by_role("option", selected=True)


def open_search(tab: Page, url: str) -> None:
    """Open a page and its search, and wait until it can find."""
    tab.goto(url)
    tab.keyboard.press("/")
    tab.keyboard.type("thread")
    options_of(tab).first.wait_for()


def found(tab: Page, served: str, queries: Iterable[str]) -> Iterator[list[set[str]]]:
    """Type each query; yield the pages that each of its results leads to, the best result first.

    A result is a page with its best sections; one with an answered question leads to the page of questions, too.
    """
    links = field_of(tab).evaluate(
        """(field, queries) => queries.map((query) => {
            field.value = query;
            field.dispatchEvent(new Event("input"));
            const results = [...document.querySelector("[role=listbox]").children];
            return results.map((result) => [...result.querySelectorAll("a")].map((link) => link.href));
        })""",
        list(queries),
    )
    for results in links:
        yield [{link.removeprefix(served).partition("#")[0].strip("/") or "index" for link in one} for one in results]


def hit_rates(tab: Page, served: str, queries: Mapping[str, list[str]]) -> tuple[float, float, list[str]]:
    """Return how many per cent of the queries find their page first and among the first three, and the others."""
    first, three, missed = 0, 0, []
    for (query, pages), results in zip(queries.items(), found(tab, served, queries), strict=True):
        best = [bool(result & set(pages)) for result in results[:3]]
        first += best[:1] == [True]
        three += any(best)
        if not any(best):
            missed.append(f"{query}: {results[:3]}, not {pages}")
    return 100 * first / len(queries), 100 * three / len(queries), missed


def test_the_queries_that_the_search_was_tuned_on_find_their_page(served: str, tab: Page) -> None:
    open_search(tab, served)
    first, three, missed = hit_rates(tab, served, TUNED)
    assert first >= 80, first
    assert three >= 95, missed


def test_the_queries_that_were_held_out_find_their_page(served: str, tab: Page) -> None:
    """Only the numbers are said, so that nobody tunes the search on them."""
    assert len(HELD_OUT) >= 160
    open_search(tab, served)
    first, three, _ = hit_rates(tab, served, HELD_OUT)
    assert first >= 80, first
    assert three >= 95, three


def test_the_search_loads_its_files_when_it_is_opened(served: str, site: Path, tab: Page) -> None:
    loaded: list[str] = []
    tab.on("request", lambda request: loaded.append(urlsplit(request.url).path.lstrip("/")))
    tab.goto(served + GUIDE)
    tab.wait_for_load_state("networkidle")
    assert [path for path in loaded if "search" in path] == []
    loaded.clear()
    tab.keyboard.press("/")
    tab.keyboard.type("thread")
    options_of(tab).first.wait_for()
    loaded = [path for path in loaded if path.endswith(".js")]
    assert sorted(loaded) == ["assets/minisearch.js", "assets/search-index.js", "assets/search.js"]
    assert sum(len(gzip.compress((site / path).read_bytes(), 9)) for path in loaded) <= 140_000


def test_words_typed_before_the_search_is_loaded_are_searched(served: str, tab: Page) -> None:
    held: list[Route] = []
    tab.route(SCRIPT, lambda route: held.append(route))  # noqa: PLW0108 (Playwright marks the function)
    tab.goto(served + GUIDE)
    with tab.expect_request(SCRIPT):
        field_of(tab).click()
    tab.keyboard.type("stop a thread")
    held[0].continue_()
    options_of(tab).first.click()
    tab.wait_for_url(f"{served}threads/stop-a-thread/")


def test_a_search_that_cannot_be_loaded_says_so_and_is_tried_again(served: str, tab: Page) -> None:
    tab.route(SCRIPT, lambda route: route.abort())
    tab.goto(served + GUIDE)
    field = field_of(tab)
    field.click()
    expect(tab.get_by_role("status").first).to_have_text(
        "The search cannot be loaded. Try again when there is a network."
    )
    tab.keyboard.press("Escape")
    expect(tab.locator("#__search")).not_to_be_checked()
    tab.unroute(SCRIPT)
    field.click()
    tab.keyboard.type("thread")
    options_of(tab).first.wait_for()


def test_the_keyboard_chooses_a_result(served: str, tab: Page) -> None:
    """The field keeps the focus and names the active option, as a screen reader expects of a combobox."""
    open_search(tab, served)
    field = field_of(tab)
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-expanded", "true")
    selected = active_option(tab)
    first = selected.get_attribute("id")
    expect(field).to_have_attribute("aria-activedescendant", first or "")
    field.press("ArrowDown")
    expect(selected).not_to_have_attribute("id", first or "")
    expect(field).to_have_attribute("aria-activedescendant", selected.get_attribute("id") or "")
    target = selected.get_attribute("href")
    field.press("ArrowUp")
    field.press("ArrowUp")  # from the first to the last
    expect(options_of(tab).last).to_have_attribute("aria-selected", "true")
    field.press("ArrowDown")
    field.press("ArrowDown")
    field.press("Enter")
    tab.wait_for_url(lambda url: url.endswith((target or "").lstrip("./")))


def test_a_result_shows_the_sentence_that_answers(served: str, tab: Page) -> None:
    open_search(tab, served)
    field_of(tab).fill("Task was destroyed but it is pending!")
    best = active_option(tab)
    assert "Task was destroyed" in best.locator("b").inner_text()
    assert "destroyed" in best.locator("mark").all_inner_texts()


def test_an_answered_question_stands_below_the_page_that_it_leads_to(served: str, tab: Page) -> None:
    open_search(tab, served)
    field_of(tab).fill("first completed cancel rest")
    result = active_option(tab).locator("..")
    links = result.get_by_role("option").evaluate_all("all => all.map(link => new URL(link.href).pathname)")
    assert links[:2] == ["/tasks/stop-a-group/", "/questions/"]
    expect(result.get_by_role("option").nth(1)).to_have_attribute("aria-selected", "true")


def test_an_address_can_hold_a_query(served: str, tab: Page) -> None:
    tab.goto(f"{served}{GUIDE}?q=kill+a+thread")
    options_of(tab).first.wait_for()
    field = field_of(tab)
    expect(field).to_have_value("kill a thread")
    field.fill("a & b")
    tab.wait_for_url(lambda url: parse_qs(urlsplit(url).query) == {"q": ["a & b"]})
    tab.get_by_title("Clear").click()
    expect(field).to_have_value("")
    expect(field).to_be_focused()
    tab.wait_for_url(served + GUIDE)


def test_a_pasted_traceback_is_searched_by_its_last_line(served: str, tab: Page) -> None:
    open_search(tab, served)
    field = field_of(tab)
    field.fill("")
    field.evaluate(
        """(field, text) => {
            const clipboardData = new DataTransfer();
            clipboardData.setData("text", text);
            field.dispatchEvent(new ClipboardEvent("paste", { clipboardData, cancelable: true }));
        }""",
        'Traceback (most recent call last):\n  File "x.py", line 1\nRuntimeError: Event loop is closed\n\n',
    )
    expect(field).to_have_value("RuntimeError: Event loop is closed")
    expect(active_option(tab)).to_contain_text("Event loop is closed")


def test_a_query_without_a_result_leads_on(served: str, tab: Page) -> None:
    open_search(tab, served)
    field_of(tab).fill("xqzzy")
    expect(tab.get_by_role("status").first).to_contain_text("Nothing found. Try fewer words")
    expect(options_of(tab)).to_have_text(["Questions", "Errors", "Recipes"])
    options_of(tab).filter(has_text="Errors").click()
    tab.wait_for_url(f"{served}errors/")


def test_the_search_works_on_a_phone(served: str, tab: Page) -> None:
    complained = complaints(tab, served)
    tab.set_viewport_size({"width": 360, "height": 740})
    tab.goto(served + GUIDE)
    tab.get_by_title("Search").click()
    tab.keyboard.type("kill thread")
    option = options_of(tab).first
    expect(option).to_be_in_viewport()
    results = tab.get_by_role("listbox", name="Results")
    assert results.evaluate("list => list.scrollWidth <= list.clientWidth && list.clientWidth === innerWidth")
    tab.locator(".md-search__icon[for=__search]").click()
    expect(option).not_to_be_visible()
    assert complained == []
