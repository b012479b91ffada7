"""What tests of several folders share: the project, a built site, a server, a browser."""

import functools
import gzip
import http.server
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path
from typing import NoReturn
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, Request

from pleasestop.project import Project
from pleasestop.site import policy
from pleasestop.snippets import environments, interpreters
from pleasestop.snippets.interpreters import Interpreter

ROOT = Path(__file__).resolve().parent.parent
PROJECT = Project(ROOT)
DOCS = PROJECT.docs
CONTENT = PROJECT.read()
SNIPPETS = CONTENT.snippets
RECIPES = CONTENT.recipes


def cpythons() -> list[Interpreter]:
    """Return the CPythons of this machine, the newest first: packages are installed for these only."""
    return [interpreter for interpreter in interpreters.find_all() if not interpreter.variant]


def python_with_packages(interpreter: Interpreter) -> Path:
    """Return a Python that has the packages of all snippets; fails the test if they cannot be installed."""
    # One environment has them all; the demo of a recipe that needs a package names it.
    (demo,) = [one for one in SNIPPETS.values() if one.dependencies and one.name.removesuffix("_demo") in RECIPES]
    why = environments.obstacle(demo, interpreter)
    assert not why, why
    return environments.with_packages(demo, interpreter).executable


def build(command: list[str], target: Path, project: Path = ROOT) -> None:
    """Build a site by `python -m` with a command; fails the test with what it said."""
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=project, capture_output=True, text=True, timeout=280, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    # Some plugins warn without failing; strict counts only what MkDocs logs.
    assert "WARNING" not in done.stdout + done.stderr, done.stdout + done.stderr
    assert (target / "index.html").exists()


_COMPRESSED = re.compile(r"^text/|javascript|json|xml|wasm")


@functools.cache
def _compressed(file: Path, changed: int) -> bytes:  # noqa: ARG001 (so that a changed file is compressed again)
    """Return a file compressed; cached, because Python for the page is 10 MB and is sent twenty times."""
    return gzip.compress(file.read_bytes(), 6)


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serve a site on this machine, compressed and under its policy; yield its address."""
    rules = policy.content_security_policy(folder)

    class Handler(http.server.SimpleHTTPRequestHandler):
        def do_GET(self) -> None:
            file = Path(self.translate_path(self.path))
            file = file / "index.html" if self.path.endswith("/") else file
            accepted = "gzip" in self.headers.get("Accept-Encoding", "")
            if not accepted or not file.is_file() or not _COMPRESSED.search(self.guess_type(file)):
                super().do_GET()
                return
            content = _compressed(file, file.stat().st_mtime_ns)
            self.send_response(200)
            self.send_header("Content-Type", self.guess_type(file))
            self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def end_headers(self) -> None:
            self.send_header("Content-Security-Policy", rules)
            super().end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with listening(functools.partial(Handler, directory=str(folder))) as address:
        yield address


@contextmanager
def listening(handler: Callable[..., http.server.BaseHTTPRequestHandler]) -> Iterator[str]:
    """Answer on a port of this machine; yield the address."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


def lacking(what: str) -> NoReturn:
    """Skip a test for what the machine lacks; in CI, which must have it, fail the test."""
    if os.environ.get("CI"):
        pytest.fail(what)
    pytest.skip(what)


def chromium_path(playwright: Playwright) -> str:
    """Return where Chromium is: the machine's, or the one that Playwright installed."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
    found = next((found for name in names if (found := shutil.which(name))), playwright.chromium.executable_path)
    if not Path(found).exists():
        lacking("no Chromium here; get one with: .venv/bin/playwright install chromium")
    return found


def chromium(playwright: Playwright) -> Browser:
    """Start Chromium without a window, and without its own requests to the network."""
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
    return playwright.chromium.launch(executable_path=chromium_path(playwright), args=quiet)


def complaints(tab: Page, address: str) -> list[str]:
    """Return a list that collects what a page must not do: write to the console, ask another host, raise."""
    found: list[str] = []

    def on_console(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            found.append(message.text)

    def on_request(request: Request) -> None:
        if not request.url.startswith((address, "data:", "blob:")):
            found.append(f"asked {request.url}")

    tab.on("console", on_console)
    tab.on("request", on_request)
    tab.on("pageerror", lambda error: found.append(str(error)))
    return found


def violations(tab: Page) -> list[str]:
    """Run axe-core on what the tab shows; return each finding with its first element."""
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    options = {"runOnly": {"type": "tag", "values": rules}, "resultTypes": ["violations"]}
    found = Axe().run(tab, options=options).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html']} {one['nodes'][0]['failureSummary']}" for one in found]


def read_through(tab: Page) -> None:
    """Scroll from the top to the end, as a reader does: what is out of sight is not laid out."""
    tab.evaluate("""async () => {
        const drawn = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
        for (let seen = 0; seen < document.documentElement.scrollHeight; seen += innerHeight) {
            scrollTo(0, seen);
            await drawn();
        }
        scrollTo(0, 0);
        await drawn();
    }""")


class Links(HTMLParser):
    """The links of a page, and the places in it that a link can lead to."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.places: set[str] = {""}
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        values = {name: value or "" for name, value in attrs}
        self.links.update(values[name] for name in ("href", "src") if name in values)
        self.places.update(values[name] for name in ("id", "name") if name in values)


def broken_links(site: Path) -> list[str]:
    """Follow every link from every page of a site that does not leave it; return what leads nowhere.

    Each page is read once. (A crawler that was tried read a page again for each place that a
    link leads to: three minutes for forty pages, and more than twice as much for twice as many.)
    """
    pages = {file.relative_to(site).as_posix(): Links(file.read_text("utf-8")) for file in site.rglob("*.html")}
    broken = []
    for page, found in pages.items():
        for link in sorted(found.links):
            address = urlsplit(urljoin(f"http://site/{page}", link))
            if address.netloc != "site":
                continue
            path = unquote(address.path).lstrip("/")
            target = path + "index.html" if path == "" or path.endswith("/") else path
            places = pages[target].places if target in pages else {""}
            if not (site / target).is_file() or unquote(address.fragment) not in places:
                broken.append(f"{page}: {link}")
    return broken
