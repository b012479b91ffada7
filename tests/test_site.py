"""The built site: every link and anchor alive, what a reader downloads, what a reader sees."""

import functools
import http.server
import json
import re
import shutil
import subprocess
import threading
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit
from xml.etree import ElementTree

import jsonschema
import pytest
import yaml
from click.testing import CliRunner
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect

from conftest import CATALOG, DOCS, RECIPES, ROOT, lacking, listening, serving
from pleasestop import cli, hosting, npm, publish, recipes

PAGES = sorted(
    "" if path.name == "index.md" else f"{path.relative_to(DOCS).with_suffix('').as_posix()}/"
    for path in DOCS.rglob("*.md")
)
WIDTHS = (1280, 360)
VARIES = [vary for snippet in CATALOG.values() for vary in snippet.rules.masked]
"""What the programs say may be another from run to run."""


class Links(HTMLParser):
    """The links of a page, and the places in it that a link can lead to."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.places: set[str] = {""}
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        told = {name: value or "" for name, value in attrs}
        self.links.update(told[name] for name in ("href", "src") if name in told)
        self.places.update(told[name] for name in ("id", "name") if name in told)


def broken_links(site: Path) -> list[str]:
    """Follow every link from every page of `site` that does not leave it; return what leads nowhere.

    Each page is read once. (A crawler that was tried read a page again for each place that a link
    leads to: three minutes for forty pages, and more than twice as much for twice as many.)
    """
    pages = {file.relative_to(site).as_posix(): Links(file.read_text("utf-8")) for file in site.rglob("*.html")}
    broken = []
    for page, told in pages.items():
        for link in sorted(told.links):
            address = urlsplit(urljoin(f"http://site/{page}", link))
            if address.netloc != "site":
                continue
            path = unquote(address.path).lstrip("/")
            target = path + "index.html" if path == "" or path.endswith("/") else path
            places = pages[target].places if target in pages else {""}
            if not (site / target).is_file() or unquote(address.fragment) not in places:
                broken.append(f"{page}: {link}")
    return broken


def test_every_link_and_anchor_is_alive(site: Path) -> None:
    assert broken_links(site) == []


def test_the_link_test_can_fail(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "index.html").write_text(
        '<h1 id="here">x</h1><a href="#here">a</a><a href="#gone">b</a><a href="gone.html">c</a><img src="d.png">'
        '<a href="sub/#there">e</a><a href="sub">f</a><a href="https://example.org/">g</a><a href="mailto:h@i">h</a>',
        encoding="utf-8",
    )
    (tmp_path / "sub/index.html").write_text(
        '<a name="there" href="..">x</a><a href="../sub">y</a><a href="../#gone">y</a>', encoding="utf-8"
    )
    assert sorted(broken_links(tmp_path)) == [
        "index.html: #gone",
        "index.html: d.png",
        "index.html: gone.html",
        "index.html: sub",
        "sub/index.html: ../#gone",
        "sub/index.html: ../sub",
    ]


def test_every_snippet_can_be_downloaded_as_it_ran(site: Path) -> None:
    for snippet in CATALOG.values():
        file = site / "raw" / snippet.folder / f"{snippet.name}.py"
        assert file.read_text(encoding="utf-8") == recipes.standalone(snippet.raw, snippet.path.parent)


def test_every_recipe_can_be_had_from_the_site(site: Path, tmp_path: Path) -> None:
    told = json.loads((site / publish.MANIFEST).read_text(encoding="utf-8"))
    jsonschema.validate(told, json.loads((site / publish.SCHEMA.name).read_text(encoding="utf-8")))
    assert [entry["name"] for entry in told["recipes"]] == list(RECIPES)
    for recipe in RECIPES.values():
        for url, text in publish.files(recipe).items():
            assert (site / url).read_bytes() == text.encode()
    with serving(site) as address:
        words = ["add", *RECIPES, "--with-tests", "--to", str(tmp_path), "--from", address]
        assert CliRunner().invoke(cli.main, words).exit_code == 0
    assert {file.name for file in tmp_path.iterdir()} == {
        path.name for recipe in RECIPES.values() for path in (recipe.path, recipe.tests)
    }
    assert CliRunner().invoke(cli.main, ["verify", "--in", str(tmp_path)]).exit_code == 0


def test_every_page_has_its_description(site: Path) -> None:
    for page in PAGES:
        assert '<meta name="description" content="' in (site / page / "index.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def watched(served: str, browser: Browser) -> Iterator[tuple[Page, list[str]]]:
    """A tab, and what it does that it must not: a new one takes three times as long to show its first page."""
    tab = browser.new_page()
    yield tab, watch(tab, served)
    tab.close()


@pytest.mark.parametrize("page", PAGES)
def test_a_page_in_a_browser(served: str, watched: tuple[Page, list[str]], page: str) -> None:
    tab, told = watched
    told.clear()
    tab.set_viewport_size({"width": WIDTHS[0], "height": 800})  # before: what opens and closes would still move
    tab.goto(served + page)
    tab.wait_for_load_state("networkidle")
    for width in WIDTHS:
        tab.set_viewport_size({"width": width, "height": 800})
        assert tab.locator("h1").is_visible()
        overflow = tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert overflow == 0, f"{page} scrolls sideways by {overflow} pixels at {width}"
    assert told == []


def test_the_html_is_right(site: Path) -> None:
    """What the Nu HTML checker says of every page, but for what the theme writes."""
    told = nu([site])
    ours = [line for line in told if not any(known in line for known in OF_THE_THEME)]
    assert ours == []


def test_the_checker_can_find_something(tmp_path: Path) -> None:
    page = tmp_path / "index.html"
    page.write_text('<!doctype html><html lang="en"><title>x</title><p><div id="a"></div></p><b id="a">x</b></html>')
    told = nu([page])
    assert any("Duplicate ID" in line for line in told), told


OF_THE_THEME = (
    "The empty string is not a valid integer",  # <label tabindex="">, of each folded part of the navigation
    "Attribute “autocomplete” is only allowed when the input type is",  # of the switches that fold
    "The value of the “for” attribute of the “label” element",  # of a table of contents that is hidden
)


def nu(paths: list[Path]) -> list[str]:
    """Run the checker, which npm has and Java runs; return its findings."""
    kept = ROOT / ".pleasestop" / "vnu-26.9.27"
    sha512 = (
        "4e441de4315f39a582f5e6edbe8cd3b2b1f655aa1dde3620faface791133217c"
        "417b12f3f7ead2d8336d8e7efe44f5226618258b44a0860057e9125135e6b428"
    )
    java = shutil.which("java")
    if java is None:
        lacking("no Java here, which runs the Nu HTML checker")
    if not kept.exists():
        try:
            npm.fetch("vnu-jar@26.9.27", sha512, ["build/dist/vnu.jar"], kept)
        except (OSError, subprocess.SubprocessError) as error:
            lacking(f"npm cannot give the Nu HTML checker: {error}")
    command = [java, "-jar", str(kept / "build/dist/vnu.jar"), "--skip-non-html", "--format", "gnu"]
    done = subprocess.run([*command, *map(str, paths)], capture_output=True, text=True, timeout=250, check=False)
    return done.stderr.splitlines()


def test_a_script_that_was_slipped_in_is_refused(tmp_path: Path, browser: Browser) -> None:
    page = "<title>seen</title><script>document.title = 'ran'</script>"
    (tmp_path / "ours.html").write_text(page, encoding="utf-8")
    with serving(tmp_path) as address:
        (tmp_path / "theirs.html").write_text(page.replace("ran", "ran too"), encoding="utf-8")
        tab = browser.new_page()
        tab.goto(f"{address}ours.html")
        assert tab.title() == "ran"
        told = watch(tab, address)
        tab.goto(f"{address}theirs.html")
        assert tab.title() == "seen"
        assert any("Content Security Policy" in line for line in told), told
        tab.close()


def test_the_policy_of_the_site_is_tight(site: Path) -> None:
    rules = dict(rule.split(" ", 1) for rule in hosting.policy(site).split("; "))
    assert "unsafe" not in rules["script-src"].replace("'wasm-unsafe-eval'", "")
    assert len(rules["script-src"].split()) < 12, "the theme's own inline scripts are few, and ours are none"
    assert rules["default-src"] == "'self'"


def test_news_of_recipes_are_a_feed(site: Path) -> None:
    atom = "{http://www.w3.org/2005/Atom}"
    feed = ElementTree.parse(site / publish.FEED).getroot()
    entries = feed.findall(f"{atom}entry")
    released = [one for recipe in RECIPES.values() for one in recipe.releases]
    assert len({entry.findtext(f"{atom}id") for entry in entries}) == len(entries) == len(released)
    days = [entry.findtext(f"{atom}updated") or "" for entry in entries]
    assert days == sorted(days, reverse=True)
    assert feed.findtext(f"{atom}updated") == days[0]
    for entry in entries:
        link = entry.find(f"{atom}link")
        assert link is not None
        assert (site / "recipes" / link.attrib["href"] / "index.html").is_file()


def test_the_archive_is_read_without_a_server(site: Path, tmp_path: Path, browser: Browser) -> None:
    pack = tmp_path / "archive.zip"
    assert CliRunner().invoke(cli.main, ["archive", str(site), str(pack)]).exit_code == 0
    with zipfile.ZipFile(pack) as opened:
        opened.extractall(tmp_path)
    root = tmp_path / "please-stop"
    assert broken_links(root) == []
    folders = re.compile(r'href="(?![a-z]+:)[^"#]*(?:/|\.\.?)["#]')
    assert [page for page in root.rglob("*.html") if folders.search(page.read_text(encoding="utf-8"))] == []
    tab = browser.new_page()
    told = watch(tab, root.as_uri())
    tab.goto((root / "index.html").as_uri())
    tab.get_by_role("link", name="The task you are in").click()
    tab.wait_for_url((root / "tasks/cancel-the-current-task/index.html").as_uri())
    box = tab.locator(".md-search__input")
    box.click()
    box.press_sequentially("stop a thread")
    tab.locator(".md-search-result__item > a").first.click()
    tab.wait_for_url(f"{root.as_uri()}/threads/stop-a-thread/index.html*")
    assert told == []
    tab.close()


def test_what_is_no_site_is_not_packed(tmp_path: Path) -> None:
    done = CliRunner().invoke(cli.main, ["archive", str(tmp_path), str(tmp_path / "out.zip")])
    assert done.exit_code == 1
    assert "python dev.py build" in done.output
    assert not (tmp_path / "out.zip").exists()


def test_a_wrong_address_leads_on(served: str, browser: Browser) -> None:
    tab = browser.new_page()
    told = watch(tab, served)
    tab.goto(f"{served}404.html")
    tab.get_by_role("link", name="By error message", exact=True).last.click()
    tab.wait_for_url(f"{served}errors/")
    assert told == []
    tab.close()


def watch(tab: Page, served: str) -> list[str]:
    """Collect what a page must not do: complain on the console, ask another host."""
    told: list[str] = []

    def complain(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            told.append(message.text)

    def request(asked: Request) -> None:
        if not asked.url.startswith((served, "data:", "blob:")):
            told.append(f"asked {asked.url}")

    tab.on("console", complain)
    tab.on("request", request)
    tab.on("pageerror", lambda error: told.append(str(error)))
    return told


# The theme's search answers from a worker; this tells which words it answered last.
ANSWERED = """
window.Worker = class extends Worker {
  asked = [];
  constructor(...told) {
    super(...told);
    this.addEventListener("message", ({ data }) => { if (data.type === 3) window.answered = this.asked.shift(); });
  }
  postMessage(message) {
    if (message.type === 2) this.asked.push(message.data);
    super.postMessage(message);
  }
};
"""


def test_search_leads_to_the_page(served: str, browser: Browser) -> None:
    wanted: dict[str, list[str]] = yaml.safe_load((ROOT / "tests/searches.yml").read_text(encoding="utf-8"))
    tab = browser.new_page()
    tab.add_init_script(ANSWERED)
    tab.goto(served)
    box = tab.locator(".md-search__input")
    box.click()
    missed = []
    for words, pages in wanted.items():
        box.fill(words[:-1])
        box.press_sequentially(words[-1])
        tab.wait_for_function("words => window.answered === words", arg=words)
        tab.evaluate("() => new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
        links = tab.locator(".md-search-result__item > a").evaluate_all("all => all.map(link => link.href)")
        found = list(dict.fromkeys(urlsplit(link).path.strip("/") for link in links))[:3]
        if not set(found) & set(pages):
            missed.append(f"{words}: {found}, not {pages}")
    assert missed == []
    tab.close()


def test_the_ledger_lists_every_claim_and_can_be_filtered(served: str, browser: Browser) -> None:
    tab = browser.new_page()
    tab.goto(f"{served}reference/ledger/")
    rows = tab.locator("table.ps-ledger tbody tr")
    assert rows.count() == len(CATALOG)
    tab.get_by_label("Claims with").fill("PROCESS POOL")
    visible = rows.locator("visible=true")
    assert 0 < visible.count() < 10
    assert all("process pool" in text.lower() for text in visible.all_inner_texts())
    tab.get_by_label("Claims with").fill("")
    tab.get_by_label("run on").select_option("3.8")
    old = [snippet for snippet in CATALOG.values() if snippet.requires_python.contains("3.8.18")]
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


def test_on_paper_everything_is_open(served: str, browser: Browser) -> None:
    tab = browser.new_page(color_scheme="dark")
    tab.goto(f"{served}tasks/limit-an-await/")
    tab.emulate_media(media="print")
    assert tab.locator("details").count() > 10
    for hidden in ("details > *", ".ps-panel", ".ps-printed", ".ps-tl"):
        assert tab.locator(f"figure :is({hidden}):not(:visible)").count() == 0, hidden
    for shown in ("button", "select", "input[type=range]", ".ps-twin", ".md-sidebar", ".md-header"):
        assert tab.locator(f"{shown}:visible").count() == 0, shown
    assert tab.evaluate("getComputedStyle(document.body).backgroundColor") in ("rgb(255, 255, 255)", "rgba(0, 0, 0, 0)")
    tab.close()


def test_a_figure_in_a_browser(served: str, browser: Browser) -> None:
    tab = browser.new_page()
    tab.goto(f"{served}threads/stop-a-thread/")
    figure = tab.locator("figure#wait_on_an_event")
    assert figure.locator(".highlight").is_visible()
    assert "main: the thread has ended" in figure.locator(".ps-printed").inner_text()
    assert "Printed by CPython" in figure.locator(".ps-proof").inner_text()
    with tab.expect_download() as download:
        figure.get_by_role("link", name="wait_on_an_event.py").click()
    assert download.value.suggested_filename == "wait_on_an_event.py"
    tab.close()
