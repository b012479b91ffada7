"""Read the recipes: single files that people copy into their own projects.

The folder `NAME` holds the recipe (`NAME.py`), its tests (`test_NAME.py`) and its releases (`releases/`).
A recipe without a release is a draft.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from packaging.version import Version

from pleasestop import script_metadata
from pleasestop.messages import PleaseStopError
from pleasestop.recipes import releases
from pleasestop.recipes.releases import VERSION, Release, read_text

NAME = r"[a-z][a-z0-9_]*"
"""The form of a recipe's name, as a regular expression."""

_STRING = r""""{3}(?:\\.|[^\\])*?"{3}|'{3}(?:\\.|[^\\])*?'{3}|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'"""
_OPENING = re.compile(rf"(?:[ \t\f]*(?:#[^\n]*)?\n)*(?:[rR]?(?:{_STRING})[^\n]*\n)?", re.DOTALL)
"""The comments and the docstring at the top of a program."""


@dataclass(frozen=True)
class Promise:
    """What one test of a recipe proves, in a sentence for the reader."""

    test: str
    sentence: str


@dataclass(frozen=True)
class Recipe:
    """A file to copy, and what is known about it.

    `title` is the first line of its docstring, `floor` the oldest Python that it supports ("3.8"),
    `dependencies` are the packages that it needs, as in PEP 508. `promises` have the order of the tests,
    `releases` come newest first.
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
        """The number of lines of the file."""
        return self.text.count("\n")

    @property
    def page(self) -> str:
        """The URL of its page, relative to the site's root."""
        return f"recipes/{_dashed(self.name)}/"

    @property
    def posix_only(self) -> bool:
        """Whether its docstring says that it works on POSIX only."""
        return re.search(r"\bPOSIX (?:and the main\s+thread )?only\b", self.text) is not None

    @property
    def released(self) -> bool:
        """Whether the text is that of the newest release; False for a draft."""
        return bool(self.releases) and self.releases[0].text == self.text


def load(root: Path) -> tuple[dict[str, Recipe], dict[str, PleaseStopError]]:
    """Read every recipe in the folders of `root`; return the recipes and the faults, both by folder name.

    A folder without any part of a recipe is skipped. A fault in one recipe does not affect the others.
    """
    recipes: dict[str, Recipe] = {}
    faults: dict[str, PleaseStopError] = {}
    for folder in sorted(path for path in root.glob("*") if _parts(path)):
        try:
            recipes[folder.name] = read(folder)
        except PleaseStopError as error:
            faults[folder.name] = error
    return recipes, faults


def _parts(folder: Path) -> list[Path]:
    """Return the parts of a recipe that exist in `folder`."""
    names = (f"{folder.name}.py", f"test_{folder.name}.py", "releases")
    return [folder / name for name in names if (folder / name).exists()]


def read(folder: Path) -> Recipe:
    """Read the recipe in `folder`; raises `PleaseStopError` that names the file, the fault and the remedy."""
    name = folder.name
    path, tests = folder / f"{name}.py", folder / f"test_{name}.py"
    if not re.fullmatch(NAME, name):
        raise PleaseStopError(f"{folder}: is not a name that Python can import; rename it in lower_case_words.")
    for part, kind in ((path, "a recipe"), (tests, "the tests of a recipe")):
        if not part.exists():
            raise PleaseStopError(f"{part}: missing; write {kind} there, or delete the folder.")
    text = read_text(path)
    version, floor, title = _read_header(path, name, text)
    metadata = script_metadata.read(path, text)
    for key in metadata.keys() - {"dependencies"}:
        raise PleaseStopError(f"{path}: the block of a recipe cannot hold `{key}`; only `dependencies` is read.")
    return Recipe(
        name=name,
        version=version,
        title=title,
        floor=floor,
        dependencies=script_metadata.dependencies(path, metadata),
        text=text,
        path=path,
        tests=tests,
        promises=tuple(_read_promises(tests)),
        releases=releases.read(folder / "releases"),
    )


def _read_header(path: Path, name: str, text: str) -> tuple[Version, str, str]:
    """Return version, floor and title from the four comments and the docstring at the top of a recipe."""
    source = f"# Source: Please Stop, recipes/{_dashed(name)}"
    forms = (
        ("# SPDX-License-Identifier: 0BSD", r"# SPDX-License-Identifier: 0BSD"),
        (f"# Recipe: {name} 1.0.0", rf"# Recipe: {name} (?P<version>{VERSION})"),
        (source, source),
        ("# Python: 3.8 or newer", r"# Python: (?P<floor>3\.\d+) or newer"),
        ('"""Do something, in a sentence."""', r'"""(?P<title>.+\.)(?:""")?'),
    )
    header: dict[str, str] = {}
    lines = [*text.split("\n"), *[""] * len(forms)]
    for number, (line, (example, form)) in enumerate(zip(lines, forms, strict=False), 1):
        match = re.fullmatch(form, line)
        if match is None:
            raise PleaseStopError(f"{path}:{number}: write a line such as `{example}` here, not `{line}`.")
        header |= match.groupdict()
    return Version(header["version"]), header["floor"], header["title"]


def _read_promises(path: Path) -> Iterator[Promise]:
    try:
        tree = ast.parse(read_text(path))
    except SyntaxError as error:
        place = f"{path}:{error.lineno or 1}"
        raise PleaseStopError(f"{place}: {error.msg}; write tests that this Python can parse.") from None
    tests = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    for test in sorted(tests, key=lambda node: node.lineno):
        if not test.name.startswith("test_"):
            continue
        sentence = (ast.get_docstring(test) or "").partition("\n")[0]
        if not sentence.endswith("."):
            raise PleaseStopError(
                f"{path}:{test.lineno}: {test.name} makes no promise; begin its docstring with one sentence, on "
                "a line of its own, that says what the test proves."
            )
        yield Promise(test.name, sentence)


def standalone(program: str, folder: Path) -> str:
    """Return the text of a program in `folder` with the recipe in place of its import.

    So a demo is one file that runs anywhere. The import is a top-level statement `from NAME import ...` without
    other statements on its lines; a program without it is returned unchanged. No text is parsed as Python, so
    both may be written for a newer Python than this one.
    """
    path = folder / f"{folder.name}.py"
    imports = list(_find_imports(program, folder.name))
    if not imports or not path.exists():
        return program
    recipe = read_text(path)
    origin = "; ".join(line.removeprefix("# ") for line in recipe.split("\n")[:3])
    body = _OPENING.sub("", recipe, count=1)
    if script_metadata.BLOCK.search(program):  # a file may have one block only
        body = script_metadata.BLOCK.sub("", body)
    future = ""
    for match in reversed(list(_find_imports(body, "__future__"))):  # from the last, so that positions stay valid
        future = match[0] + future
        body = body[: match.start()] + body[match.end() :]
    start, end = imports[0].span()
    merged = f"{program[:start]}# {origin}\n{body}\n# The demo\n{program[end:]}"
    return _OPENING.sub(lambda match: match[0] + future, merged, count=1)


def _find_imports(text: str, module: str) -> Iterator[re.Match[str]]:
    """Find the top-level statements `from MODULE import ...` of a program, outside of strings and comments."""
    names = r"(?:[^\n\\(#;]|\\\n|\((?:[^)#]|#[^\n]*)*\))+"
    statement = rf"^from[ \t]+{module}[ \t]+import\b{names}(?:#[^\n]*)?(?:\n|\Z)"
    matches = re.finditer(rf"{_STRING}|#[^\n]*|(?P<import>{statement})", text, re.MULTILINE | re.DOTALL)
    return (match for match in matches if match["import"])


def _dashed(name: str) -> str:
    return name.replace("_", "-")
