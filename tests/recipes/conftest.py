"""A recipe with some versions, a site that publishes it, and a reader's project."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from pleasestop import files
from pleasestop.recipes import model, registry, releases
from pleasestop.recipes.manifest import manifest
from pleasestop.recipes.registry import Registry

LINES = {
    "1.0.0": ["def greet() -> str:", '    return "hello"'],
    "1.1.0": ["def greet() -> str:", '    return "good day"'],
    "2.0.0": ['GREETING = "good day"', "", "", "def greet() -> str:", "    return GREETING"],
}


def text(version: str, name: str = "greet") -> str:
    """Return the text of a recipe in a version."""
    header = (
        "# SPDX-License-Identifier: 0BSD",
        f"# Recipe: {name} {version}",
        f"# Source: Please Stop, recipes/{name}",
        "# Python: 3.8 or newer",
        f'"""Say {name}."""',
    )
    return "\n".join([*header, "", "import os", "", "", *LINES[version], "", "", "HERE = os.getcwd()"]) + "\n"


def release(folder: Path, *versions: str) -> None:
    """Write and release versions of the recipe in a folder."""
    for version in versions:
        (folder / f"{folder.name}.py").write_text(text(version, folder.name), encoding="utf-8")
        assert releases.release(model.read(folder), f"This is {version}.", date(2026, 1, 1))


def publish(root: Path) -> Path:
    """Publish the recipes below `root` as a site; return its folder."""
    site = root.parent / "site"
    recipes, _ = model.load(root)
    texts = {url: content for recipe in recipes.values() for url, content in registry.files(recipe).items()}
    for url, content in (texts | {registry.MANIFEST: manifest(recipes.values())}).items():
        (site / url).parent.mkdir(parents=True, exist_ok=True)
        (site / url).write_bytes(content.encode())
    return site


def content_of(folder: Path) -> dict[Path, bytes | None]:
    """Return everything that is in a folder."""
    return {path: path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}


def interrupt_second_write(monkeypatch: pytest.MonkeyPatch) -> None:
    """Press Ctrl-C, so to speak, when the second file from now on is written."""
    written: list[Path] = []
    atomic_write = files.atomic_write

    def write(path: Path, content: str | bytes) -> None:
        if written:
            raise KeyboardInterrupt
        written.append(path)
        atomic_write(path, content)

    monkeypatch.setattr(files, "atomic_write", write)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of a draft."""
    folder = tmp_path / "recipes/greet"
    folder.mkdir(parents=True)
    (folder / "test_greet.py").write_text('def test_it() -> None:\n    """Greets."""\n', encoding="utf-8")
    (folder / "greet.py").write_text(text("1.0.0"), encoding="utf-8")
    return folder


@pytest.fixture
def site(folder: Path) -> Path:
    """A site with two recipes, one of them in two versions; `publish` brings its files up to date."""
    release(folder, "1.0.0", "1.1.0")
    other = folder.with_name("leave")
    other.mkdir()
    shutil.copy(folder / "test_greet.py", other / "test_leave.py")
    release(other, "1.0.0")
    return publish(folder.parent)


@pytest.fixture
def offered(site: Path) -> Registry:
    """The registry of the site."""
    return registry.from_url(site.as_uri())


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A reader's project, empty, which is the current folder."""
    project = tmp_path / "project"
    project.mkdir()
    monkeypatch.chdir(project)
    return project
