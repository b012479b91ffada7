"""What a reader sees of the built site in a browser."""

import functools
import http.server
import threading
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from support import RECIPES, SNIPPETS, complaints, listening, serving

WIDTHS = (1280, 360)


def test_an_injected_script_is_refused(tmp_path: Path, browser: Browser) -> None:
    page = "<title>seen</title><script>document.title = 'ran'</script>"
    (tmp_path / "ours.html").write_text(page, encoding="utf-8")
    with serving(tmp_path) as address:
        (tmp_path / "theirs.html").write_text(page.replace("ran", "ran too"), encoding="utf-8")
        tab = browser.new_page()
        tab.goto(f"{address}ours.html")
        assert tab.title() == "ran"
        found = complaints(tab, address)
        tab.goto(f"{address}theirs.html")
        assert tab.title() == "seen"
        assert any("Content Security Policy" in line for line in found), found
        tab.close()


def test_the_home_page_offers_six_choices_before_its_table(served: str, browser: Browser) -> None:
    """On a phone the page ends after two screens, and the table unfolds; on a laptop the choices are on the first."""
    tab = browser.new_page(viewport={"width": 360, "height": 800})
    tab.goto(served)
    tab.wait_for_load_state("networkidle")
    choices = tab.locator(".ps-start li > a")
    assert choices.count() == 6
    assert choices.first.inner_text() == "I do not know what hangs"
    assert tab.evaluate("document.documentElement.scrollHeight") <= 2 * 800
    table = tab.locator(".ps-decide")
    expect(table).not_to_be_visible()
    tab.get_by_text("All that can be stopped, and how").click()
    expect(table.get_by_role("link", name="A timer", exact=True)).to_be_visible()
    tab.set_viewport_size({"width": 1280, "height": 800})
    expect(tab.get_by_role("heading", name="Request the stop, then wait")).to_be_visible()
    tab.evaluate("scrollTo(0, 0)")
    for choice in choices.all():
        expect(choice).to_be_in_viewport()
    for _ in range(3):  # the replay has no program beside it, and can be stepped through
        tab.get_by_role("button", name="One step on").first.click()
    expect(tab.get_by_text("step 3 of")).to_contain_text("worker: starts; started.set()")
    tab.locator(".ps-start li").first.click(position={"x": 20, "y": 60})  # anywhere on it
    tab.wait_for_url(f"{served}programs/find-out-why/")
    tab.close()


def test_a_wrong_address_leads_on(served: str, browser: Browser) -> None:
    tab = browser.new_page()
    found = complaints(tab, served)
    tab.goto(f"{served}404.html")
    tab.get_by_role("link", name="By error message", exact=True).last.click()
    tab.wait_for_url(f"{served}errors/")
    assert found == []
    tab.close()


def test_the_ledger_lists_every_claim_and_can_be_filtered(served: str, browser: Browser) -> None:
    tab = browser.new_page()
    tab.goto(f"{served}reference/ledger/")
    rows = tab.locator("table.ps-ledger tbody tr")
    assert rows.count() == len(SNIPPETS)
    first = rows.first.locator("th")
    assert (
        first.inner_text()
        == "An async generator that yields while it is being closed makes aclose() raise. wrong example"
    )
    quiet = first.locator("small").evaluate("all => getComputedStyle(all).color")
    assert rows.first.locator("td").last.evaluate("all => getComputedStyle(all).color") == quiet
    assert rows.locator(".ps-wrong").count() == 0, "nothing deviates"
    tab.get_by_label("Claims with").fill("PROCESS POOL")
    visible = rows.locator("visible=true")
    assert 0 < visible.count() < 10
    assert all("process pool" in text.lower() for text in visible.all_inner_texts())
    tab.get_by_label("Claims with").fill("")
    tab.get_by_label("run on").select_option("3.8")
    old = [snippet for snippet in SNIPPETS.values() if snippet.requires_python.contains("3.8.18")]
    assert visible.count() == len(old)
    tab.close()


def test_the_recipes_can_be_filtered(served: str, browser: Browser) -> None:
    tab = browser.new_page()
    tab.goto(f"{served}recipes/")
    rows = tab.locator("table.ps-recipes tbody tr")
    visible = rows.locator("visible=true")
    assert visible.count() == len(RECIPES)
    tab.get_by_label("Recipes with").fill("UNTIL IT HAS ENDED")
    assert "cancel_and_wait" in visible.all_inner_texts()[0]
    tab.get_by_label("Recipes with").fill("no recipe says this")
    assert visible.count() == 0
    assert tab.get_by_label("Recipes with").is_visible()
    assert tab.get_by_text("0 recipes").is_visible()
    tab.close()


def test_the_copy_button_of_a_recipe_copies_the_file(served: str, browser: Browser) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    tab = context.new_page()
    tab.goto(f"{served}recipes/cancel-and-wait/")
    figure = tab.locator("figure#recipe-cancel_and_wait")
    button = figure.locator("button.ps-copy").first
    button.click()
    expect(button).to_have_text("Copied")
    copied = tab.evaluate("navigator.clipboard.readText()")
    recipe = RECIPES["cancel_and_wait"]
    assert copied.rstrip("\n") + "\n" == recipe.text
    with tab.expect_download() as download:
        figure.get_by_role("link", name="download cancel_and_wait.py").click()
    assert download.value.suggested_filename == "cancel_and_wait.py"
    context.close()


def test_outputs_by_version_need_no_script(served: str, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(f"{served}generators/close-a-generator/")
    figure = tab.locator("figure#close_returns_the_value")
    figure.scroll_into_view_if_needed()
    newest, older = figure.locator(".ps-panel").all()
    expect(newest).to_contain_text("close returned 7", use_inner_text=True)
    assert not older.is_visible()
    figure.get_by_text("Python 3.12 and older").first.click()
    expect(newest).not_to_be_visible()
    expect(older).to_contain_text("close returned None", use_inner_text=True)
    expect(older.locator("mark")).to_have_text("main: close returned None")
    context.close()


SHIFTS = """
window.shifts = [];
new PerformanceObserver((list) => {
  for (const { value, sources } of list.getEntries()) {
    shifts.push({ value, what: sources.map(({ node }) => node?.className) });
  }
}).observe({ type: "layout-shift", buffered: true });
"""


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("page", ["", "tasks/cancel-the-current-task/", "recipes/", "recipes/finish/"])
def test_nothing_moves_while_a_page_loads(served: str, browser: Browser, page: str, width: int) -> None:
    tab = browser.new_page(viewport={"width": width, "height": 800})
    tab.add_init_script(SHIFTS)
    tab.goto(served + page)
    tab.wait_for_load_state("networkidle")
    shifts = tab.evaluate("shifts")
    # A twentieth of what counts as good: a long table may be painted before its last row is there.
    assert sum(shift["value"] for shift in shifts) < 0.005, shifts
    tab.close()


@pytest.mark.parametrize("page", ["", "recipes/finish/"])
def test_nothing_moves_while_a_page_arrives_in_two_parts(site: Path, browser: Browser, page: str) -> None:
    """A slow line may stop before the text: the navigations, which come first, stand where they stay."""
    html = (site / page / "index.html").read_bytes()
    first, mark, rest = html.partition(b'<div class="md-content"')
    seen = threading.Event()

    class InTwoParts(http.server.SimpleHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path != f"/{page}":
                super().do_GET()
                return
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(first)
            self.wfile.flush()
            seen.wait(30)
            self.wfile.write(mark + rest)

        def log_message(self, *_: object) -> None:
            pass

    with listening(functools.partial(InTwoParts, directory=str(site))) as address:
        tab = browser.new_page(viewport={"width": 1280, "height": 800})
        tab.add_init_script(SHIFTS)
        tab.goto(address + page, wait_until="commit")
        tab.locator(".md-sidebar--secondary").wait_for(state="attached")
        tab.evaluate("new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
        seen.set()
        tab.wait_for_load_state("networkidle")
        assert tab.evaluate("shifts.reduce((sum, { value }) => sum + value, 0)") < 0.005, tab.evaluate("shifts")
        tab.close()


def test_on_paper_all_is_open_but_the_evidence(served: str, browser: Browser) -> None:
    tab = browser.new_page(color_scheme="dark")
    tab.goto(f"{served}tasks/limit-an-await/")
    tab.emulate_media(media="print")
    for hidden in (".ps-panel", ".ps-printed", ".ps-tl", ".ps-evidence summary"):
        assert tab.locator(f"figure {hidden}").count() > 2
        assert tab.locator(f"figure {hidden}:not(:visible)").count() == 0, hidden
    assert tab.locator(".ps-fold > :not(summary):visible").count() == 0
    tab.locator("article").evaluate("all => all.insertAdjacentHTML('beforeend', '<details><p>more')")
    assert tab.locator("article > details > p").is_visible()
    for shown in ("button", "select", "input[type=range]", ".ps-markdown", ".md-sidebar", ".md-header"):
        assert tab.locator(f"{shown}:visible").count() == 0, shown
    assert tab.evaluate("getComputedStyle(document.body).backgroundColor") in ("rgb(255, 255, 255)", "rgba(0, 0, 0, 0)")
    tab.close()


def test_a_figure_in_a_browser(served: str, browser: Browser) -> None:
    tab = browser.new_page()
    tab.goto(f"{served}threads/stop-a-thread/")
    figure = tab.locator("figure#wait_on_an_event")
    assert figure.locator(".highlight").is_visible()
    assert "main: the thread has ended" in figure.locator(".ps-printed").inner_text()
    evidence = figure.locator(".ps-evidence")
    expect(evidence.get_by_text("Printed by CPython")).not_to_be_visible()
    evidence.locator("summary").click()
    expect(evidence.get_by_text("Printed by CPython")).to_be_visible()
    with tab.expect_download() as download:
        figure.get_by_role("link", name="wait_on_an_event.py").click()
    assert download.value.suggested_filename == "wait_on_an_event.py"
    tab.close()
