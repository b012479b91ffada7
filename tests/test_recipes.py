"""Every recipe: it stands alone, is released as it is, and keeps its promises on every Python."""

import ast
import dataclasses
import hashlib
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from conftest import CATALOG, DOCS, RECIPES, ROOT, SNIPPETS, lacking
from pleasestop import embed, pythons, recipes
from pleasestop.check import check, make_whole
from pleasestop.errors import PleaseStopError
from pleasestop.pythons import Python
from pleasestop.recipes import Recipe

FOLDER = SNIPPETS / "recipes"
LOCK = FOLDER / "requirements.lock"
PYTHONS = pythons.others()

by_recipe = pytest.mark.parametrize("recipe", RECIPES.values(), ids=RECIPES)


@pytest.fixture(scope="session")
def recipe_pytest() -> Path:
    """A folder with a pytest that runs on every Python from 3.8 on; made once, kept for later."""
    folder = ROOT / ".pleasestop" / "pytest" / hashlib.sha256(LOCK.read_bytes()).hexdigest()[:16]
    if not folder.exists():
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        options = ["--no-deps", "--only-binary=:all:", "--require-hashes", "-r", str(LOCK), "--target"]
        with make_whole(folder) as aside:
            done = subprocess.run([*pip, *options, str(aside)], capture_output=True, text=True, check=False)
            if done.returncode != 0:
                lacking(f"no pytest for the recipes: {done.stderr}")
    return folder


@by_recipe
def test_it_is_short(recipe: Recipe) -> None:
    assert recipe.lines <= 100, f"{recipe.path}: {recipe.lines} lines; a recipe has at most 100"
    wide = [line for line in recipe.text.splitlines() if len(line) > 88]
    assert not wide, f"{recipe.path}: wider than 88 columns: {wide}"


@by_recipe
def test_it_is_written_for_its_floor_and_needs_what_it_says(recipe: Recipe) -> None:
    floor = Version(recipe.floor)
    if floor.release > sys.version_info[:2]:
        pytest.skip(f"cannot be read by a Python older than {floor}")
    tree = ast.parse(recipe.text, feature_version=(floor.major, floor.minor))
    imported = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            imported |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.module, f"{recipe.path}: a relative import"
            imported.add(node.module.partition(".")[0])
        elif isinstance(node, ast.Name):
            assert node.id != "print", f"{recipe.path}:{node.lineno}: a recipe prints nothing"
    declared = {Requirement(text).name.replace("-", "_") for text in recipe.dependencies}
    unknown = imported - sys.stdlib_module_names - declared
    assert not unknown, f"{recipe.path}: imports {unknown}, which is neither Python's nor declared"


@by_recipe
def test_it_is_released_as_it_is(recipe: Recipe) -> None:
    assert recipe.released, (
        f"{recipe.path}: is not the last release; raise the version in its header if {recipe.version} is out, "
        f'then: pleasestop release {recipe.name} "what is new in it"'
    )


@by_recipe
def test_its_page_shows_it_with_its_promises(recipe: Recipe) -> None:
    page = DOCS / recipe.page.rstrip("/")
    blocks = embed.blocks(page.with_suffix(".md").read_text(encoding="utf-8").splitlines())
    shown = [block.kind for block in blocks if block.name == recipe.name]
    assert shown == ["recipe", "promises", "changes"], f"{page}.md: these blocks, in this order"


@pytest.mark.parametrize("version", ["3.11", "3.15"])
def test_types_are_strict_where_it_is_copied_to(tmp_path: Path, version: str) -> None:
    # One run for all: mypy spends its time on the standard library. No recipe imports another.
    for recipe in RECIPES.values():
        if Version(recipe.floor) <= Version(version):
            (tmp_path / recipe.path.name).write_text(recipe.text, encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--config-file=", "--strict", "--python-version", version, "."]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=200, check=False)
    assert done.returncode == 0, done.stdout


@pytest.fixture(scope="session")
def kept(recipe_pytest: Path) -> Iterator[dict[Python, Future[tuple[int, str]]]]:
    """The tests of all recipes, on every Python at once: they must hold under load, and mostly wait."""

    def keep(python: Python) -> tuple[int, str]:
        # The last two numbers of a version count for a floor, not that it is a candidate.
        minor = Version(f"{python.version.major}.{python.version.minor}")
        admitted = [recipe for recipe in RECIPES.values() if Version(recipe.floor) <= minor]
        tests = [str(recipe.tests) for recipe in admitted if python.has(recipe.dependencies)]
        return run_tests(python, recipe_pytest, tests)

    with ThreadPoolExecutor(max_workers=max(1, len(PYTHONS))) as pool:
        yield {python: pool.submit(keep, python) for python in PYTHONS}


@pytest.mark.timeout(500)
@pytest.mark.parametrize("python", PYTHONS, ids=lambda python: python.label)
def test_it_keeps_its_promises(kept: dict[Python, Future[tuple[int, str]]], python: Python) -> None:
    status, told = kept[python].result()
    assert status == 0, told


def test_recipes_with_dependencies_keep_their_promises(recipe_pytest: Path) -> None:
    """On the Python of the tests, which has what they need."""
    own = pythons.own()
    tests = [str(recipe.tests) for recipe in RECIPES.values() if recipe.dependencies and own.has(recipe.dependencies)]
    if not tests:
        pytest.skip("no recipe has dependencies")
    status, told = run_tests(own, recipe_pytest, tests)
    assert status == 0, told


def run_tests(python: Python, with_pytest: Path, tests: list[str], patience: float = 400) -> tuple[int, str]:
    """Run files of tests on a Python, with nothing but pytest; returns exit status and output.

    What has not ended after `patience` seconds is stopped; the output then tells where each thread stood.
    """
    with subprocess.Popen(
        [str(python.path), "-W", "ignore::SyntaxWarning", "-m", "pytest", "-q", *tests],
        cwd=FOLDER,
        env={
            **os.environ,
            "PYTHONPATH": str(with_pytest),
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            told, _ = process.communicate(timeout=patience)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGABRT)  # pytest has asked `faulthandler` to tell then
            with suppress(subprocess.TimeoutExpired):
                process.wait(10)
            with suppress(ProcessLookupError):  # it had no child, or none is left
                os.killpg(process.pid, signal.SIGKILL)
            told, _ = process.communicate()
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)  # what the tests started goes too
            raise
        return process.returncode, told


@pytest.mark.parametrize("wait", ["subprocess.run(['sleep', '60'])", "time.sleep(60)"])
def test_a_test_that_hangs_is_told(recipe_pytest: Path, tmp_path: Path, wait: str) -> None:
    test = tmp_path / "test_x.py"
    test.write_text(f"import subprocess, time\n\ndef test_x():\n    {wait}\n", encoding="utf-8")
    status, told = run_tests(pythons.own(), recipe_pytest, [str(test)], 3)
    assert status == -signal.SIGABRT
    assert 'test_x.py", line 4 in test_x' in told


def test_a_broken_promise_is_noticed(recipe_pytest: Path, tmp_path: Path) -> None:
    test = tmp_path / "test_x.py"
    test.write_text('def test_x() -> None:\n    """It holds."""\n    assert 1 > 2\n', encoding="utf-8")
    status, told = run_tests(pythons.own(), recipe_pytest, [str(test)])
    assert status == 1
    assert "assert 1 > 2" in told


DEMOS = [snippet for snippet in CATALOG.values() if snippet.name.endswith("_demo")]


def test_every_recipe_has_a_demo() -> None:
    assert {snippet.name.removesuffix("_demo") for snippet in DEMOS} == RECIPES.keys()


def test_a_demo_runs_as_the_one_file_that_the_site_offers(tmp_path: Path) -> None:
    alone, own = [], pythons.own()
    for snippet in DEMOS:
        python = pythons.choose(snippet, [own])
        if python is None:
            continue
        path = tmp_path / snippet.folder / f"{snippet.name}.py"
        path.parent.mkdir(parents=True)
        path.write_text(recipes.standalone(snippet.raw, snippet.path.parent), encoding="utf-8")
        assert f"from {path.parent.name} import" not in path.read_text(encoding="utf-8")
        alone.append((dataclasses.replace(snippet, path=path), python))
    for checked in check(alone, cache=None):
        assert checked.ok, "\n".join(checked.problems)


# From here on: how the files are read.

HEAD = '''# SPDX-License-Identifier: 0BSD
# Recipe: greet 1.0.0
# Source: Please Stop, recipes/greet
# Python: 3.9 or newer
"""Greet somebody."""

'''
TESTS = '''def test_greets() -> None:
    """Says `hello`."""


async def test_twice() -> None:
    """Does it twice."""
'''


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of a recipe that was never released."""
    folder = tmp_path / "greet"
    folder.mkdir()
    (folder / "greet.py").write_text(HEAD, encoding="utf-8")
    (folder / "test_greet.py").write_text(TESTS, encoding="utf-8")
    return folder


def test_what_a_recipe_says_of_itself(folder: Path) -> None:
    block = '# /// script\n# dependencies = ["hello>=2"]\n# ///\n'
    (folder / "greet.py").write_text(HEAD + block, encoding="utf-8")
    (folder.parent / "no_recipe").mkdir()
    assert list(recipes.load(folder.parent)) == ["greet"]
    recipe = recipes.read(folder)
    assert (recipe.name, str(recipe.version), recipe.floor) == ("greet", "1.0.0", "3.9")
    assert recipe.title == "Greet somebody."
    assert recipe.dependencies == ("hello>=2",)
    assert recipe.lines == 9
    assert [(one.test, one.sentence) for one in recipe.promises] == [
        ("test_greets", "Says `hello`."),
        ("test_twice", "Does it twice."),
    ]
    assert recipe.releases == ()
    assert not recipe.released


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("0BSD", "MIT", "greet.py:1: a recipe has here, for example, `# SPDX-License-Identifier: 0BSD`, not"),
        ("greet 1.0.0", "great 1.0.0", "greet.py:2: a recipe has here, for example, `# Recipe: greet 1.0.0`"),
        ("1.0.0", "1.0", "greet.py:2"),
        ("1.0.0", "1.0.0rc1", "greet.py:2"),
        ("recipes/greet", "greet", "greet.py:3"),
        ("3.9 or newer", ">=3.9", "greet.py:4"),
        ("Greet somebody.", "Greet somebody", "greet.py:5"),
        (HEAD, "", "greet.py:1"),
        ('somebody."""\n', 'somebody."""\n# /// script\n# requires-python = ">=3.9"\n# ///\n', "`requires-python`"),
    ],
)
def test_a_recipe_with_a_fault_is_refused(folder: Path, old: str, new: str, said: str) -> None:
    (folder / "greet.py").write_text(HEAD.replace(old, new), encoding="utf-8")
    with pytest.raises(PleaseStopError, match=re.escape(said)):
        recipes.read(folder)


@pytest.mark.parametrize(
    ("tests", "said"),
    [
        (TESTS.replace('"""Says `hello`."""', "pass"), "test_greet.py:1: test_greets makes no promise"),
        (TESTS.replace("twice.", "twice"), "test_greet.py:5: test_twice makes no promise"),
        ("def test_x(:\n", "test_greet.py:1: invalid syntax"),
    ],
)
def test_tests_without_a_promise_are_refused(folder: Path, tests: str, said: str) -> None:
    (folder / "test_greet.py").write_text(tests, encoding="utf-8")
    with pytest.raises(PleaseStopError, match=re.escape(said)):
        recipes.read(folder)


@pytest.mark.parametrize("name", ["greet.py", "test_greet.py"])
def test_half_a_recipe_is_refused(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(PleaseStopError, match=f"{name}: missing"):
        recipes.load(folder.parent)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ("[", "no list of releases"),
        ("{}", "1.0.0.py: changes.json does not list it"),
        ("[]", "1.0.0.py: changes.json does not list it"),
        ('[{"version": "1.0.0", "date": "2026-01-01"}]', "not an entry"),
        ('[{"version": "1.0", "date": "2026-01-01", "note": "x"}]', "not an entry"),
        ('[{"version": "1.0.0", "date": "January", "note": "x"}]', "Invalid isoformat"),
        (
            '[{"version": "1.0.0", "date": "2026-01-01", "note": "x"}, {"version": "1.1.0", "date": "2026-01-01",'
            ' "note": "x"}]',
            "newest first",
        ),
        ('[{"version": "1.1.0", "date": "2026-01-01", "note": "x"}]', "1.0.0.py: changes.json does not list it"),
    ],
)
def test_a_list_of_releases_with_a_fault_is_refused(folder: Path, changes: str, said: str) -> None:
    (folder / "releases").mkdir()
    (folder / "releases/1.0.0.py").write_text(HEAD, encoding="utf-8")
    (folder / "releases/changes.json").write_text(changes, encoding="utf-8")
    with pytest.raises(PleaseStopError, match=said):
        recipes.read(folder)


def test_a_release_is_the_text_that_it_says(folder: Path) -> None:
    (folder / "releases").mkdir()
    listed = '[{"version": "1.1.0", "date": "2026-01-01", "note": "x"}]'
    (folder / "releases/changes.json").write_text(listed, encoding="utf-8")
    with pytest.raises(PleaseStopError, match=re.escape("1.1.0.py: missing")):
        recipes.read(folder)
    (folder / "releases/1.1.0.py").write_text(HEAD, encoding="utf-8")
    with pytest.raises(PleaseStopError, match=re.escape("1.1.0.py: says that it is 1.0.0")):
        recipes.read(folder)
