"""Every snippet: it runs as approved, fits the page, checks clean, and a page shows it."""

import functools
import os
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import CATALOG, DOCS, RECIPES, ROOT, lacking
from pleasestop import embed, pythons
from pleasestop.catalog import Snippet
from pleasestop.check import Checked, check

PAGES = sorted(DOCS.rglob("*.md"))


@functools.cache
def shown_on() -> dict[str, list[Path]]:
    """The pages that show each snippet, by its name."""
    shown: dict[str, list[Path]] = {}
    for page in PAGES:
        blocks = embed.blocks(page.read_text(encoding="utf-8").splitlines())
        for block in (block for block in blocks if block.kind == "snippet"):
            shown.setdefault(block.name, []).append(page)
    return shown


@pytest.fixture(scope="session")
def results() -> dict[str, Checked]:
    """All snippets, run now on the Python of the tests, or another that admits them."""
    own = [pythons.own()]
    wanted = [(snippet, pythons.choose(snippet, own)) for snippet in CATALOG.values()]
    return {checked.snippet.name: checked for checked in check(wanted, cache=None)}


@pytest.mark.parametrize("name", CATALOG)
def test_it_runs_as_approved(results: dict[str, Checked], name: str) -> None:
    assert results[name].ok, "\n".join(results[name].problems)
    if results[name].run is None:
        lacking(f"no Python here is {CATALOG[name].requires_python}; its output is the approved one")


@pytest.mark.parametrize("snippet", CATALOG.values(), ids=CATALOG)
def test_it_fits_the_page(snippet: Snippet) -> None:
    lines = snippet.program.splitlines()
    assert len(lines) <= 60, f"{snippet.path}: {len(lines)} lines; a program has at most 60"
    wide = [line for line in lines if len(line) > 68]
    assert not wide, f"{snippet.path}: wider than 68 columns: {wide}"


@pytest.mark.parametrize("snippet", CATALOG.values(), ids=CATALOG)
def test_it_is_shown_by_the_page_of_its_folder(snippet: Snippet) -> None:
    own_page = DOCS / f"{snippet.folder.replace('_', '-')}.md"
    pages = shown_on().get(snippet.name, [])
    assert own_page in pages, f"{snippet.path} is not shown on {own_page}: show it there, or delete it"


def test_what_differs_by_version_is_told_on_one_page() -> None:
    page = DOCS / "reference/what-changed.md"
    differs = {name for name, snippet in CATALOG.items() if len(snippet.approved) > 1}
    told = {name for name, pages in shown_on().items() if page in pages}
    assert differs <= told, f"{page}: show what changed with {sorted(differs - told)}"


def test_types_are_strict() -> None:
    # One run for all: mypy spends its time on the standard library.
    command = [sys.executable, "-m", "mypy", "--python-version", "3.15", "--scripts-are-modules"]
    files = [snippet.path for snippet in CATALOG.values()]
    files += [path for recipe in RECIPES.values() for path in (recipe.path, recipe.tests)]
    # A recipe is imported, by its tests and its demo, from the folder that it is in.
    paths = os.pathsep.join(str(recipe.path.parent) for recipe in RECIPES.values())
    done = subprocess.run(
        [*command, *map(str, files)],
        cwd=ROOT,
        env={**os.environ, "MYPYPATH": paths},
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("command", [["mypy"], ["ruff", "check"], ["ruff", "format", "--check"]], ids=" ".join)
def test_the_checkers_are_silent(command: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, timeout=200, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
