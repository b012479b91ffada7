"""Read the files that people copy, and every version released of them.

In the folder `NAME` are the recipe, `NAME.py`; its tests, `test_NAME.py`; and in `releases/`
an exact copy of each version that was ever released, with `changes.json`, the list of them.
"""

import ast
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from packaging.version import Version

from pleasestop import catalog
from pleasestop.errors import PleaseStopError

NAME = r"[a-z][a-z0-9_]*"
"""What a recipe may be called, as a regular expression."""
VERSION = r"(?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*)){2}"
"""The form of a recipe's version: three numbers."""


@dataclass(frozen=True)
class Promise:
    """What one test of a recipe proves, in a sentence for the reader."""

    test: str
    sentence: str


@dataclass(frozen=True)
class Release:
    """One version of a recipe as it was released; `date` is a day in ISO 8601."""

    version: Version
    date: str
    note: str
    text: str


@dataclass(frozen=True)
class Recipe:
    """One file to copy, and what it says of itself.

    `title` is the first line of its docstring, `floor` the oldest Python that it is for
    ("3.8"), `dependencies` what it needs besides the standard library. `promises` come in the
    order of the tests, `releases` newest first.
    """

    name: str
    version: Version
    title: str
    floor: str
    dependencies: tuple[str, ...]
    text: str
    path: Path
    tests: Path
    promises: tuple[Promise, ...]
    releases: tuple[Release, ...]

    @property
    def lines(self) -> int:
        """How many lines the file has."""
        return len(self.text.splitlines())

    @property
    def page(self) -> str:
        """The address of its page below the site's root."""
        return f"recipes/{_dashed(self.name)}/"

    @property
    def released(self) -> bool:
        """Whether the text at hand is the newest release, to the letter."""
        return bool(self.releases) and self.releases[0].text == self.text


def bundled() -> Path:
    """Return the folder of the recipes that came with this program: its own, or the checkout's."""
    package = Path(__file__).resolve().parent
    own = package / "recipes_data"
    return own if own.is_dir() else package.parents[1] / "snippets" / "recipes"


def load(root: Path) -> dict[str, Recipe]:
    """Read every recipe in the folders of `root`, by name; a folder without one is passed over.

    Raises `PleaseStopError` naming the file, the fault, the remedy.
    """
    if not root.is_dir():
        return {}
    folders = sorted(folder for folder in root.iterdir() if _parts(folder))
    return {folder.name: read(folder) for folder in folders}


def _parts(folder: Path) -> list[Path]:
    """Return what there is in `folder` of a recipe."""
    names = (f"{folder.name}.py", f"test_{folder.name}.py", "releases")
    return [folder / name for name in names if (folder / name).exists()]


def read(folder: Path) -> Recipe:
    """Read the recipe in `folder`; raises `PleaseStopError` naming the file, the fault, the remedy."""
    name = folder.name
    path, tests = folder / f"{name}.py", folder / f"test_{name}.py"
    if not re.fullmatch(NAME, name):
        raise PleaseStopError(f"{folder}: a recipe's name is lower_case_words, as it is imported.")
    for part, what in ((path, "recipe"), (tests, "tests of the recipe")):
        if not part.exists():
            raise PleaseStopError(f"{part}: missing; a folder with {_parts(folder)[0].name} holds the {what} too.")
    text = path.read_text(encoding="utf-8")
    version, floor, title = _head(path, name, text)
    metadata = catalog.metadata(path, text)
    for key in metadata.keys() - {"dependencies"}:
        raise PleaseStopError(f"{path}: nobody reads `{key}` of a recipe; only `dependencies` may stand in its block.")
    return Recipe(
        name=name,
        version=version,
        title=title,
        floor=floor,
        dependencies=tuple(catalog.strings(path, metadata, "dependencies")),
        text=text,
        path=path,
        tests=tests,
        promises=tuple(_promises(tests)),
        releases=tuple(_releases(folder / "releases", name)),
    )


def standalone(program: str, folder: Path) -> str:
    """Return a program of `folder` with the recipe that it imports written into it.

    So a demo is one file that runs anywhere. A program that imports no recipe is returned as it
    is. The import must be a line of its own at the top level, `from NAME import ...`.
    """
    name = folder.name
    if not (folder / f"{name}.py").exists():
        return program
    for node in ast.parse(program).body:
        if isinstance(node, ast.ImportFrom) and node.module == name:
            recipe = (folder / f"{name}.py").read_text(encoding="utf-8")
            docstring = ast.parse(recipe).body[0]
            body = recipe.splitlines()[docstring.end_lineno :]
            head = [line.removeprefix("# ") for line in recipe.splitlines()[:4]]
            lines = program.splitlines()
            lines[node.lineno - 1 : node.end_lineno] = [f"# {'; '.join(head[:3])}", *body, "", "# The demo"]
            return "\n".join(lines) + "\n"
    return program


def _dashed(name: str) -> str:
    return name.replace("_", "-")


def _head(path: Path, name: str, text: str) -> tuple[Version, str, str]:
    """Read the four lines that begin a recipe and the docstring after them: version, floor, title."""
    forms = (
        ("# SPDX-License-Identifier: 0BSD", r"# SPDX-License-Identifier: 0BSD"),
        (f"# Recipe: {name} 1.0.0", rf"# Recipe: {name} (?P<version>{VERSION})"),
        (f"# Source: Please Stop, recipes/{_dashed(name)}", rf"# Source: Please Stop, recipes/{_dashed(name)}"),
        ("# Python: 3.8 or newer", r"# Python: (?P<floor>3\.\d+) or newer"),
        ('"""What it does, in a sentence."""', r'"""(?P<title>.+\.)(?:""")?'),
    )
    told: dict[str, str] = {}
    lines = [*text.splitlines(), *[""] * len(forms)]
    for number, (line, (example, form)) in enumerate(zip(lines, forms, strict=False), 1):
        match = re.fullmatch(form, line)
        if match is None:
            raise PleaseStopError(f"{path}:{number}: a recipe has here, for example, `{example}`, not `{line}`.")
        told |= match.groupdict()
    return Version(told["version"]), told["floor"], told["title"]


def _promises(path: Path) -> Iterable[Promise]:
    try:
        tree = ast.parse(path.read_text(encoding="utf-8"))
    except SyntaxError as error:
        raise PleaseStopError(f"{path}:{error.lineno}: {error.msg}; the tests must be readable here.") from None
    tests = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    for test in sorted(tests, key=lambda node: node.lineno):
        if not test.name.startswith("test_"):
            continue
        sentence = (ast.get_docstring(test) or "").partition("\n")[0]
        if not sentence.endswith("."):
            raise PleaseStopError(
                f"{path}:{test.lineno}: {test.name} makes no promise; begin its docstring with a line that is "
                "one sentence, with a full stop, telling the reader what it proves."
            )
        yield Promise(test.name, sentence)


def _releases(folder: Path, name: str) -> Iterable[Release]:
    """Read the list of releases and the text of each; every text must be listed."""
    path = folder / "changes.json"
    told = _changes(path) if path.exists() else []
    for text in folder.glob("*.py"):
        if text.stem not in {entry["version"] for entry in told}:
            raise PleaseStopError(f"{text}: {path.name} does not list it; delete it, or restore its entry.")
    for entry in told:
        text = folder / f"{entry['version']}.py"
        if not text.exists():
            raise PleaseStopError(f"{text}: missing, but {path.name} lists it; restore it.")
        content = text.read_text(encoding="utf-8")
        version, _, _ = _head(text, name, content)
        if str(version) != entry["version"]:
            raise PleaseStopError(f"{text}: says that it is {version}; restore the text that was released.")
        yield Release(version, entry["date"], entry["note"], content)


def _changes(path: Path) -> list[dict[str, str]]:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        for entry in told:
            if entry.keys() != {"version", "date", "note"} or not re.fullmatch(VERSION, entry["version"]):
                raise ValueError(f"not an entry: {entry}")
            date.fromisoformat(entry["date"])
        versions = [Version(entry["version"]) for entry in told]
        if versions != sorted(set(versions), reverse=True):
            raise ValueError("not every version once, newest first")
    except (ValueError, TypeError, AttributeError) as error:
        raise PleaseStopError(
            f"{path}: no list of releases ({error}); restore it, only `pleasestop release` writes it."
        ) from None
    checked: list[dict[str, str]] = told
    return checked
