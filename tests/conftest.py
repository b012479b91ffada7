"""What several tests need: a folder to put snippets in, the built site, a browser."""

import fcntl
import functools
import gzip
import http.server
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright
from pytest_codeblocks.main import extract_from_file

from pleasestop import catalog, check, hosting, pythons, recipes, runner
from pleasestop.catalog import Snippet
from pleasestop.runner import Run

ROOT = Path(__file__).resolve().parent.parent
SNIPPETS = ROOT / "snippets"
DOCS = ROOT / "docs"
CATALOG = catalog.load(SNIPPETS)
RECIPES = recipes.load(SNIPPETS / "recipes")


def build(command: list[str], target: Path, project: Path = ROOT) -> None:
    """Build the site of `project` with a generator; fails the test with what it said."""
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=project,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    # markdown-exec and friends warn without failing; strict counts only what MkDocs logs.
    assert "WARNING" not in done.stdout + done.stderr, done.stdout + done.stderr
    assert (target / "index.html").exists()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave what must be alone to the end, when little else is left to wait for."""
    items.sort(key=must_be_alone)


def must_be_alone(item: pytest.Item) -> bool:
    """Whether a test is of no use on a busy machine."""
    return item.get_closest_marker("alone") is not None


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder that all processes of a test run have in common."""
    own = tmp_path_factory.getbasetemp()
    return own if worker_id == "master" else own.parent


@pytest.fixture(autouse=True)
def _alone_or_together(request: pytest.FixtureRequest, shared: Path) -> Iterator[None]:
    """What must be alone waits until no other test runs, and lets none begin."""
    with (shared / "running").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX if must_be_alone(request.node) else fcntl.LOCK_SH)
        yield


@pytest.fixture(scope="session")
def site(shared: Path) -> Path:
    """The site, as `mkdocs build --strict` writes it; one for all processes of a test run."""
    target = shared / "site"
    try:
        (shared / "begun").mkdir()
    except FileExistsError:
        deadline = time.monotonic() + 280
        while not (shared / "ended").exists() and time.monotonic() < deadline:
            time.sleep(0.1)
        assert (target / "index.html").exists(), "the build failed, as another test tells"
        return target
    try:
        build(["mkdocs", "build", "--strict", "--site-dir", str(target)], target)
    finally:
        (shared / "ended").touch()
    return target


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Count the fences on pages that are shown and not run, by the reason that each gives."""
    reasons: Counter[str] = Counter()
    for text in [*DOCS.rglob("*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]:
        for block in extract_from_file(text):
            reasons.update(re.findall(r'skip\(reason="([^"]+)"', " ".join(block.marks)))
    told = "; ".join(f"{count} because it {reason}" for reason, count in reasons.items())
    terminalreporter.write_line(f"{sum(reasons.values())} fences on pages are not run: {told}")


_COMPRESSED = re.compile(r"^text/|javascript|json|xml|wasm")


@functools.cache
def compressed(file: Path, changed: int) -> bytes:  # noqa: ARG001 (so that a changed file is compressed anew)
    """What a server sends of a file; kept, because Python for the page is 10 MB and is sent twenty times."""
    return gzip.compress(file.read_bytes(), 6)


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serve a site on this machine, compressed and under the policy that it can do with; gives its address."""
    policy = hosting.policy(folder)

    class Handler(http.server.SimpleHTTPRequestHandler):
        def do_GET(self) -> None:
            file = Path(self.translate_path(self.path))
            file = file / "index.html" if self.path.endswith("/") else file
            taken = "gzip" in self.headers.get("Accept-Encoding", "")
            if not taken or not file.is_file() or not _COMPRESSED.search(self.guess_type(file)):
                super().do_GET()
                return
            content = compressed(file, file.stat().st_mtime_ns)
            self.send_response(200)
            self.send_header("Content-Type", self.guess_type(file))
            self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def end_headers(self) -> None:
            self.send_header("Content-Security-Policy", policy)
            super().end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with listening(functools.partial(Handler, directory=str(folder))) as address:
        yield address


@contextmanager
def listening(handler: Callable[..., http.server.BaseHTTPRequestHandler]) -> Iterator[str]:
    """Answer on a port of this machine; gives the address."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(scope="session")
def served(site: Path) -> Iterator[str]:
    """The address of the built site on a local server."""
    with serving(site) as address:
        yield address


def lacking(what: str) -> NoReturn:
    """Skip a test for what the machine lacks; in CI, which must have it, fail it."""
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
    """Start it without a window, and without its own errands on the network."""
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
    return playwright.chromium.launch(executable_path=chromium_path(playwright), args=quiet)


# Not for the session: while Playwright is there, its event loop runs in this thread.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium."""
    with sync_playwright() as playwright:
        launched = chromium(playwright)
        yield launched
        launched.close()


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Snippet]:
    """Write a snippet into a folder of its own, with its claim if it has none, and read it."""

    def put(body: str, *, rules: str = "", name: str = "try_it", folder: str = "page") -> Snippet:
        path = tmp_path / "snippets" / folder / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        block = "".join(f"# {line}\n" for line in rules.splitlines())
        header = f"# /// script\n# [tool.pleasestop]\n{block}# ///\n" if rules else ""
        path.write_text(f'"""It holds."""\n{header}\n{body}', encoding="utf-8")
        return catalog.read(path, tmp_path / "snippets")

    return put


def run_once(snippet: Snippet) -> Run:
    """Run one snippet on the Python of the tests."""
    seen: list[Run] = []
    runner.run_all([check.job(snippet, pythons.own())], 1, lambda _, run: seen.append(run))
    return seen[0]
