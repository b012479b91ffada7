"""Every snippet: it runs as approved, fits the page, checks clean, is proved, and a page shows it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pleasestop.site.blocks import Block
from pleasestop.snippets import check, environments, interpreters
from pleasestop.snippets.check import Result
from pleasestop.snippets.model import Snippet
from support import CONTENT, DOCS, PROJECT, RECIPES, ROOT, SNIPPETS, lacking

WHAT_CHANGED = DOCS / "reference/what-changed.md"


def test_every_file_can_be_read() -> None:
    assert [fault.message for fault in CONTENT.faults.values()] == []


def test_every_snippet_runs_as_approved(results: list[Result]) -> None:
    assert [check.report(result) for result in results if not result.ok] == []
    if not_run := [result.snippet.name for result in results if result.run is None]:
        lacking(f"no Python here runs {', '.join(not_run)}; their outputs are the approved ones")


def test_every_program_fits_the_page(snippets: list[Snippet]) -> None:
    faults = []
    for snippet in snippets:
        lines = snippet.program.split("\n")
        if len(lines) > 61:
            faults.append(f"{snippet.path}: {len(lines) - 1} lines; a program has at most 60")
        faults += [f"{snippet.path}: wider than 68 columns: {line}" for line in lines if len(line) > 68]
    assert faults == []


def test_every_snippet_is_shown_by_the_page_of_its_folder(
    snippets: list[Snippet], shown_on: dict[str, list[Path]]
) -> None:
    lost = [snippet for snippet in snippets if DOCS / snippet.page not in shown_on.get(snippet.name, [])]
    assert [f"{one.path}: not shown on docs/{one.page}: show it there, or delete it" for one in lost] == []


def test_one_page_says_what_differs_by_version(snippets: list[Snippet], shown_on: dict[str, list[Path]]) -> None:
    differing = [snippet.name for snippet in snippets if len(snippet.by_version) > 1]
    missing = [name for name in differing if WHAT_CHANGED not in shown_on.get(name, [])]
    assert missing == [], f"{WHAT_CHANGED}: show what changed with these"


def test_every_snippet_is_proved_as_it_is_now(snippets: list[Snippet]) -> None:
    """On one Python at least. The workflow `prove` proves the rest, which one person's machine may lack."""
    unproved = [one.name for one in snippets if not PROJECT.records.fresh(one)]
    assert unproved == [], f"prove them: python dev.py prove {' '.join(unproved)}"
    deviated = [
        f"{snippet.name} on {proved.label}"
        for snippet in snippets
        for proved in PROJECT.records.fresh(snippet)
        if proved.proof.outcome == "differs"
    ]
    assert deviated == []


def test_every_replay_is_recorded_and_no_other_snippet(
    snippets: list[Snippet], page_blocks: dict[Path, list[Block]], request: pytest.FixtureRequest
) -> None:
    replayed = {
        block.name
        for found in page_blocks.values()
        for block in found
        if block.kind == "snippet" and {"replay", "scale"} & set(block.shown)
    }
    missing = [one.name for one in snippets if one.name in replayed and PROJECT.recordings.get(one) is None]
    assert missing == [], f"record them on Python 3.12 or newer: python dev.py approve {' '.join(missing)}"
    if request.config.getoption("--only") is None:
        orphans = set(PROJECT.recordings.names()) - replayed
        assert orphans == set(), "no page replays these: delete them from records/traces"


def test_records_are_small_and_name_no_folder_of_a_machine() -> None:
    files = list((ROOT / "records").rglob("*.json"))
    assert sum(file.stat().st_size for file in files) < 1_500 * len(SNIPPETS)
    folders = ("/root/", "/home/", "/work/", "/Users/", "/site-packages/", "/lib/python3")
    texts = {file: file.read_text(encoding="utf-8") for file in files}
    assert [file.name for file, text in texts.items() if any(folder in text for folder in folders)] == []


def test_types_are_strict(request: pytest.FixtureRequest, snippets: list[Snippet]) -> None:
    # One run for all: mypy spends its time on the standard library.
    # The packages of snippets are in their environment alone.
    own = interpreters.own()
    (demo,) = [snippet for snippet in SNIPPETS.values() if snippet.name == "kill_tree_demo"]
    if why := environments.obstacle(demo, own):
        lacking(why)
    packages = ["--python-executable", str(environments.with_packages(demo, own).executable)]
    command = [sys.executable, "-m", "mypy", "--python-version", "3.15", "--scripts-are-modules", *packages]
    files = [snippet.path for snippet in snippets]
    if request.config.getoption("--only") is None:
        files += [path for recipe in RECIPES.values() for path in (recipe.path, recipe.tests)]
    # The tests and the demo of a recipe import it from the folder that it is in.
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
def test_the_checkers_are_silent(command: list[str], request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--only") is not None:
        command = [*command, *(str(snippet.path) for snippet in request.getfixturevalue("snippets"))]
        if command[0] == "mypy":
            pytest.skip("`test_types_are_strict` checks the snippet")
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, timeout=200, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_house_has_its_floors() -> None:
    """Each package imports only what lies below it; the contracts are in pyproject.toml."""
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter], cwd=ROOT, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_snippets_are_many() -> None:
    assert len(SNIPPETS) > 300, "a check of nothing must not pass"
