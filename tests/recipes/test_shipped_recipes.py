"""Every recipe of this project: it stands alone, it is released, and its demo runs as one file."""

import ast
import importlib.util
import json
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from pleasestop import script_metadata
from pleasestop.recipes import model
from pleasestop.recipes.model import Recipe
from pleasestop.site import npm
from support import lacking

ROOT = Path(__file__).resolve().parents[2]
USES = Path(__file__).with_name("uses.py")
PYRIGHT = "1.1.414"
PYRIGHT_SHA512 = (
    "14f6596f9d637a90d7e1e3fb4c460378d16d984dd683092411c269bc7dff4265"
    "12b23d04032dcb5eefb10784ff1560de8edb179427c5affadb5858f0bb0b97c3"
)
RECIPES, FAULTS = model.load(ROOT / "snippets/recipes")
SYSTEM = {"linux": "linux", "darwin": "macos", "win32": "windows"}[sys.platform]

by_recipe = pytest.mark.parametrize("recipe", RECIPES.values(), ids=RECIPES)


def test_every_recipe_can_be_read() -> None:
    assert not FAULTS, "\n".join(fault.message for fault in FAULTS.values())


@by_recipe
def test_recipe_is_short(recipe: Recipe) -> None:
    assert recipe.lines <= 100, f"{recipe.path}: {recipe.lines} lines; a recipe has at most 100"
    wide = [line for line in recipe.text.split("\n") if len(line) > 88]
    assert not wide, f"{recipe.path}: wider than 88 columns: {wide}"


def test_the_recipes_that_need_posix_say_so() -> None:
    assert {recipe.name for recipe in RECIPES.values() if recipe.posix_only} == {
        "alarm",
        "run_cmd",
        "run_group",
        "run_hard",
    }


@by_recipe
def test_recipe_supports_its_floor_and_declares_its_dependencies(recipe: Recipe) -> None:
    floor = Version(recipe.floor)
    if floor.release > sys.version_info[:2]:
        pytest.skip(f"this Python is older than {floor}")
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
    declared = {Requirement(requirement).name.replace("-", "_") for requirement in recipe.dependencies}
    unknown = imported - sys.stdlib_module_names - declared
    assert not unknown, f"{recipe.path}: imports {unknown}, which is neither in Python nor declared"


@by_recipe
def test_recipe_is_its_newest_release(recipe: Recipe) -> None:
    if not recipe.releases:
        pytest.skip("a draft")
    assert recipe.released, (
        f"{recipe.path}: differs from its newest release; raise the version in its header if {recipe.version} is "
        f'released, then: pleasestop release {recipe.name} "what is new in it"'
    )


@by_recipe
def test_page_shows_recipe_promises_and_changes(recipe: Recipe) -> None:
    page = ROOT / "docs" / f"{recipe.page.rstrip('/')}.md"
    if not recipe.releases and not page.exists():
        pytest.skip("a draft without a page")
    shown = re.findall(rf"^/// (\w+) \| {recipe.name}$", page.read_text(encoding="utf-8"), re.MULTILINE)
    assert shown == ["recipe", "promises", "changes"], f"{page}: needs these blocks, in this order"


def write_readers_project(folder: Path, version: str) -> None:
    """Write what a reader has that uses every recipe: the recipes, their demos, and a short use of each."""
    for recipe in RECIPES.values():
        assert Version(recipe.floor) <= Version(version)
        for path in (recipe.path, demo_of(recipe)):
            shutil.copy(path, folder)
    shutil.copy(USES, folder)


def test_every_recipe_is_used() -> None:
    assert set(RECIPES) <= set(re.findall(r"^from (\w+) import", USES.read_text(encoding="utf-8"), re.MULTILINE))


@pytest.mark.parametrize("version", ["3.11", "3.15"])
def test_types_are_strict_in_a_project(tmp_path: Path, version: str) -> None:
    # One run for all: mypy spends its time on the standard library. No recipe imports another.
    write_readers_project(tmp_path, version)
    command = [sys.executable, "-m", "mypy", "--config-file=", "--strict", "--python-version", version, "."]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=200, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.thorough
@pytest.mark.parametrize("version", ["3.11", "3.15"])
def test_pyright_is_strict_in_a_project(tmp_path: Path, version: str) -> None:
    write_readers_project(tmp_path, version)
    options = {
        "typeCheckingMode": "strict",
        "pythonVersion": version,
        "pythonPlatform": "Linux",
        "reportMissingModuleSource": False,  # psutil is not installed here
    }
    (tmp_path / "pyrightconfig.json").write_text(json.dumps(options), encoding="utf-8")
    command = [*pyright(), "--project", str(tmp_path), "--outputjson"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=200, check=False)
    report = json.loads(done.stdout)
    assert report["summary"]["filesAnalyzed"] == 2 * len(RECIPES) + 1
    faults = [
        f"{Path(fault['file']).name}:{fault['range']['start']['line'] + 1}: {fault['message']}"
        for fault in report["generalDiagnostics"]
    ]
    assert faults == []


def pyright() -> list[str]:
    """Return the command of pyright, whose package npm provides and Node.js runs."""
    kept = ROOT / ".pleasestop" / f"pyright-{PYRIGHT}"
    node = shutil.which("node")
    if node is None:
        lacking("no Node.js here, which runs pyright")
    if not kept.exists():
        try:
            npm.fetch(f"pyright@{PYRIGHT}", PYRIGHT_SHA512, ["index.js", "package.json", "dist/"], kept)
        except (OSError, subprocess.SubprocessError) as error:
            lacking(f"npm cannot give pyright: {error}")
    return [node, str(kept / "index.js")]


def test_every_recipe_has_a_demo() -> None:
    missing = [recipe.name for recipe in RECIPES.values() if not demo_of(recipe).exists()]
    assert not missing


def demo_of(recipe: Recipe) -> Path:
    return recipe.path.with_name(f"{recipe.name}_demo.py")


def test_demo_prints_the_same_as_one_file(tmp_path: Path) -> None:
    def run(path: Path) -> tuple[int, str, str]:
        command = [sys.executable, "-I", str(path)] if path.parent == tmp_path else [sys.executable, str(path)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        return done.returncode, done.stdout, done.stderr

    paths = []
    for path in filter(Path.exists, map(demo_of, RECIPES.values())):
        program = path.read_text(encoding="utf-8")
        block = script_metadata.read(path, program)
        names = [Requirement(text).name for text in script_metadata.dependencies(path, block)]
        platforms = block.get("tool", {}).get("pleasestop", {}).get("platforms", [SYSTEM])
        if SYSTEM in platforms and all(map(importlib.util.find_spec, names)):
            alone = tmp_path / path.name
            alone.write_text(model.standalone(program, path.parent), encoding="utf-8")
            assert f"from {path.parent.name} import" not in alone.read_text(encoding="utf-8")
            assert script_metadata.read(alone, alone.read_text(encoding="utf-8")) == block
            paths += [path, alone]
    assert paths
    with ThreadPoolExecutor(4) as pool:
        results = dict(zip(paths, pool.map(run, paths), strict=True))
    for path, alone in zip(paths[::2], paths[1::2], strict=True):
        assert results[alone] == results[path], f"{path}: prints something else as one file"
        assert results[path][0] == 0, f"{path}: {results[path][2]}"
