"""Options and fixtures of all tests."""

import fcntl
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell script that starts the tests with `&` ignores Ctrl-C for them and for every program that they start.
    signal.signal(signal.SIGINT, signal.default_int_handler)

TESTS = Path(__file__).resolve().parent
SLOW = ("browser", "generators", "tools", "recipes/test_recipe_suites.py", "trace/test_frameworks.py")
"""The tests that the quick lane leaves out."""

LONGEST = (
    "generators",
    "recipes/test_recipe_suites.py",
    "recipes/test_nasty.py",
    "browser/test_playground.py",
    "browser/test_access.py",
    "browser/test_boxes.py",
    "browser/test_keyboard.py",
)
"""The files that take a minute or more, so that none of them is left for the end. The first builds the site, which
those in the browser need; the two after it need none."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--only NAME`: the checks of one snippet and of the pages that show it."""
    parser.addoption("--only", metavar="NAME", help="Check only this snippet and the pages that show it.")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the slow folders, and sort: what takes longest begins first, and what must run alone comes last."""
    for item in items:
        if any(item.path.is_relative_to(TESTS / slow) for slow in SLOW):
            item.add_marker("slow")
    items.sort(key=lambda item: (must_be_alone(item), _rank(item.path)))


def _rank(path: Path) -> int:
    """Return the place of a file among the longest ones."""
    return next((rank for rank, name in enumerate(LONGEST) if path.is_relative_to(TESTS / name)), len(LONGEST))


def must_be_alone(item: pytest.Item) -> bool:
    """Return whether a test means nothing on a busy machine."""
    return item.get_closest_marker("alone") is not None


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder that all processes of a test run have in common."""
    own = tmp_path_factory.getbasetemp()
    return own if worker_id == "master" else own.parent


@pytest.fixture(autouse=True)
def _alone_or_together(request: pytest.FixtureRequest, shared: Path) -> Iterator[None]:
    """Make a test that must be alone wait until no other test runs, and let no other begin."""
    with (shared / "running").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX if must_be_alone(request.node) else fcntl.LOCK_SH)
        yield


@pytest.fixture(scope="session")
def site(shared: Path) -> Path:
    """The site, as `pleasestop build` writes it; one for all processes of a test run."""
    from support import build  # noqa: PLC0415 (tests of the engine alone need no site)

    target = shared / "site"
    try:
        (shared / "begun").mkdir()
    except FileExistsError:
        deadline = time.monotonic() + 280
        while not (shared / "ended").exists() and time.monotonic() < deadline:
            time.sleep(0.1)
        assert (target / "index.html").exists(), "the build failed, as another test says"
        return target
    try:
        build(["pleasestop", "build", "--to", str(target)], target)
    finally:
        (shared / "ended").touch()
    return target
