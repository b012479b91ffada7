"""Find the snippets and read what each one says of itself."""

import ast
import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, cast

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import Version

from pleasestop.errors import PleaseStopError

MAX_TIMEOUT = 10.0
"""Seconds after which a run is stopped, unless its snippet asks for less."""

Wrong = Literal["hangs", "leaks", "fails", "misleads"]
WRONGS: Mapping[Wrong, str] = {
    "hangs": "is still running at its time limit",
    "leaks": "leaves something running",
    "fails": "ends with an error",
    "misleads": "does other than it seems to",
}
"""The ways a wrong example can go wrong, each with what must be seen."""

LEFTOVERS = ("process", "thread")
PLATFORMS = ("linux", "macos", "windows")

# The block's form is fixed by PEP 723 ("Inline script metadata").
_PEP_723 = re.compile(r"^# /// (?P<type>[a-zA-Z0-9-]+)\n(?P<content>(?:^#(?: .*)?\n)+?)^# ///\n", re.MULTILINE)
_REGION = re.compile(r"^\s*# region: (?P<name>[\w-]+)\s*$")
_END_REGION = re.compile(r"^\s*# endregion\s*$")
_APPROVED = re.compile(r"^(?P<name>[a-z][a-z0-9_]*)(?:\.(?P<upto>3\.\d+))?\.out$")


@dataclass(frozen=True)
class Rules:
    """How a snippet's run is judged: its `[tool.pleasestop]` table.

    `timeout` is in seconds. `unordered` and `masked` are regular expressions: lines that
    match the first may swap with their neighbours that match too; what matches the second
    may vary. `exit` is the expected status, negative for a signal as in `subprocess`.
    `wrong` says how a wrong example must go wrong, `seen` a text it must print, and
    `leaves` what it leaves running when that is its claim. `browser` names what it needs that
    a page's Python does not have, where its names do not tell.
    """

    timeout: float = MAX_TIMEOUT
    unordered: tuple[re.Pattern[str], ...] = ()
    masked: tuple[re.Pattern[str], ...] = ()
    exit: int = 0
    wrong: Wrong | None = None
    seen: str | None = None
    leaves: frozenset[str] = frozenset()
    platforms: frozenset[str] = frozenset(PLATFORMS)
    browser: str | None = None


@dataclass(frozen=True)
class Snippet:
    """One program that a page shows, and what it says of itself.

    `program` is what the page shows: the file without docstring, metadata and markers of
    regions. `regions` maps a region's name to its lines in `program`, 0-based, end
    excluded; `lines` maps the 1-based lines of the file to the 0-based ones of `program`.
    `approved` maps the newest minor version that an output is for to its file;
    `None` stands for all versions newer than the named ones.
    """

    name: str
    path: Path
    folder: str
    claim: str
    explanation: str
    program: str
    raw: str
    regions: Mapping[str, tuple[int, int]]
    lines: Mapping[int, int]
    requires_python: SpecifierSet
    dependencies: tuple[str, ...]
    rules: Rules
    approved: Mapping[Version | None, Path] = field(default_factory=dict)

    def approved_for(self, version: Version) -> Path | None:
        """Return the approved output that `version` is judged by, or None."""
        named = sorted(upto for upto in self.approved if upto is not None)
        for upto in named:
            if version.release[:2] <= upto.release[:2]:
                return self.approved[upto]
        return self.approved.get(None)

    def approved_for_newest(self) -> Path | None:
        """Return the approved output of the newest version that there is one for, or None."""
        newest = max((upto for upto in self.approved if upto is not None), default=None)
        return self.approved.get(None) or self.approved.get(newest)

    def output_path(self, upto: Version | None) -> Path:
        """Return where the output approved for versions up to `upto` belongs."""
        middle = "" if upto is None else f".{upto}"
        return self.path.with_name(f"{self.name}{middle}.out")


def load(root: Path) -> dict[str, Snippet]:
    """Read every snippet under `root`, by name, in the order of their paths.

    Recipes, their tests and their released versions are no snippets (`is_recipe_file`).
    Raises `PleaseStopError` for a missing folder, a file that breaks a rule, two snippets
    with one name, and an approved output without its program.
    """
    if not root.is_dir():
        raise PleaseStopError(f"{root}: no such folder of snippets; run this from the project.")
    snippets: dict[str, Snippet] = {}
    for path in sorted(root.rglob("*.py")):
        if is_recipe_file(path.relative_to(root)) or "__pycache__" in path.parts:
            continue
        if path.stem in snippets:
            raise PleaseStopError(
                f"{path}: {snippets[path.stem].path} has the same name; pages and commands "
                "find snippets by name alone, so rename one of them."
            )
        snippets[path.stem] = read(path, root)
    for path in sorted(root.rglob("*.out")):
        match = _APPROVED.match(path.name)
        if match is None:
            raise PleaseStopError(
                f"{path}: an approved output is called NAME.out, or NAME.3.11.out for "
                "Python 3.11 and older; rename or delete it."
            )
        owner = snippets.get(match["name"])
        if owner is None or owner.path.parent != path.parent:
            raise PleaseStopError(
                f"{path}: there is no {match['name']}.py beside it; delete it, or restore the program that printed it."
            )
    return snippets


def is_recipe_file(path: Path) -> bool:
    """Whether `path`, below the folder of snippets, is a recipe or belongs to one.

    In `recipes/NAME/` the recipe is `NAME.py`, its tests `test_NAME.py`, its past versions
    are under `releases/`; every other program there is a snippet.
    """
    if path.parts[0] != "recipes" or len(path.parts) < 3:
        return path.parts[0] == "recipes"
    name = path.parts[1]
    return path.parts[2] in (f"{name}.py", f"test_{name}.py", "releases")


def read(path: Path, root: Path) -> Snippet:
    """Read one snippet; raises `PleaseStopError` naming the file, the fault, the remedy."""
    text = path.read_text(encoding="utf-8")
    if not re.fullmatch(r"[a-z][a-z0-9_]*", path.stem):
        raise PleaseStopError(f"{path}: a snippet's name is lower_case_words, and says what happens.")
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        # A program for a newer Python than the build's is still catalogued: only its
        # docstring is needed, and that is always at the top.
        tree = _docstring_only(path, text, error)
    docstring = ast.get_docstring(tree)
    claim, _, explanation = (docstring or "").partition("\n")
    if not claim.strip():
        raise PleaseStopError(
            f"{path}: no claim; begin the file with a docstring whose first line is one "
            'sentence that can be false, such as """`join(timeout)` returns None.""".'
        )
    if not claim.endswith("."):
        raise PleaseStopError(f"{path}: the claim is no sentence; end the docstring's first line with a full stop.")
    told = metadata(path, text)
    regions, lines, program = _program(path, text, cast(ast.Expr, tree.body[0]))
    raw = "".join(
        line for line in text.splitlines(keepends=True) if not (_REGION.match(line) or _END_REGION.match(line))
    )
    return Snippet(
        name=path.stem,
        path=path,
        folder=path.parent.relative_to(root).as_posix(),
        claim=claim.strip(),
        explanation=explanation.strip(),
        program=program,
        raw=raw,
        regions=regions,
        lines=lines,
        requires_python=_requires_python(path, told),
        dependencies=tuple(strings(path, told, "dependencies")),
        rules=_rules(path, told.get("tool", {}).get("pleasestop", {})),
        approved=_approved(path),
    )


def _docstring_only(path: Path, text: str, error: SyntaxError) -> ast.Module:
    """Parse only the leading docstring of a file that this Python cannot parse whole."""
    head = re.match(r'(?:#[^\n]*\n|\s)*""".*?"""', text, re.DOTALL)
    if head is None or "requires-python" not in text:
        raise PleaseStopError(
            f"{path}:{error.lineno}: {error.msg}; mend it, or say in a PEP 723 block which `requires-python` reads it."
        )
    return ast.parse(head.group())


def metadata(path: Path, text: str) -> dict[str, Any]:
    """Return the PEP 723 `script` block as a dict, empty if there is none.

    Raises `PleaseStopError` for a block that does not close, is no TOML, comes twice, or
    holds a key that nobody reads.
    """
    blocks = [match for match in _PEP_723.finditer(text) if match["type"] == "script"]
    if len(blocks) > 1:
        raise PleaseStopError(f"{path}: more than one `# /// script` block; keep one.")
    if not blocks:
        if re.search(r"^# /// script", text, re.MULTILINE):
            raise PleaseStopError(
                f"{path}: the `# /// script` block does not close; every line of it begins "
                "with `# ` and a line `# ///` ends it."
            )
        return {}
    content = "".join(line[2:] or "\n" for line in blocks[0]["content"].splitlines(keepends=True))
    try:
        data = tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        raise PleaseStopError(f"{path}: the `# /// script` block is no TOML: {error}.") from None
    _known(path, data, ("requires-python", "dependencies", "tool"), "the script block")
    _known(path, data.get("tool", {}), ("pleasestop",), "[tool]")
    return data


def _known(path: Path, table: Mapping[str, Any], keys: Iterable[str], where: str) -> None:
    """Refuse a key of `table` that nobody reads, suggesting the nearest that is read."""
    keys = list(keys)
    for key in table:
        if key not in keys:
            near = difflib.get_close_matches(key, keys, 1)
            hint = f"did you mean `{near[0]}`?" if near else f"known are: {', '.join(keys)}."
            raise PleaseStopError(f"{path}: unknown key `{key}` in {where}; {hint}")


def unknown(kind: str, name: str, known: Iterable[str], otherwise: str = "") -> str:
    """Say that no `kind` is called `name`, and which `known` names are nearest, or `otherwise`."""
    near = difflib.get_close_matches(name, list(known), 3)
    hint = f"Nearest: {', '.join(near)}." if near else otherwise
    return f"no {kind} is called {name}. {hint}".rstrip()


def _requires_python(path: Path, metadata: Mapping[str, Any]) -> SpecifierSet:
    given = metadata.get("requires-python", "")
    try:
        return SpecifierSet(given)
    except (InvalidSpecifier, TypeError, AttributeError):
        raise PleaseStopError(
            f'{path}: `requires-python = {given!r}` is no version specifier; write for example ">=3.11".'
        ) from None


def strings(path: Path, table: Mapping[str, Any], key: str) -> list[str]:
    """Return the list of strings at `key` of `table`, empty if it is not there.

    Raises `PleaseStopError` where it is anything else.
    """
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise PleaseStopError(f"{path}: `{key}` is a list of strings.")
    return cast(list[str], value)


def _patterns(path: Path, table: Mapping[str, Any], key: str) -> tuple[re.Pattern[str], ...]:
    try:
        return tuple(re.compile(pattern) for pattern in strings(path, table, key))
    except re.error as error:
        raise PleaseStopError(f"{path}: `{key}` holds a bad regular expression: {error}.") from None


def _choices(path: Path, table: Mapping[str, Any], key: str, known: Iterable[str]) -> list[str]:
    values = strings(path, table, key)
    for value in values:
        if value not in known:
            raise PleaseStopError(f"{path}: `{key}` takes {', '.join(known)}, not {value!r}.")
    return values


def _rules(path: Path, table: Mapping[str, Any]) -> Rules:
    _known(path, table, (name for name in Rules.__dataclass_fields__), "[tool.pleasestop]")
    timeout, wrong, seen = table.get("timeout", MAX_TIMEOUT), table.get("wrong"), table.get("seen")
    status, browser = table.get("exit", 0), table.get("browser")
    leaves = _choices(path, table, "leaves", LEFTOVERS)
    if isinstance(timeout, bool) or not isinstance(timeout, int | float) or not 0 < timeout <= MAX_TIMEOUT:
        raise PleaseStopError(f"{path}: `timeout` is a number of seconds, at most {MAX_TIMEOUT:g}.")
    if isinstance(status, bool) or not isinstance(status, int):
        raise PleaseStopError(f"{path}: `exit` is a whole number, negative for a signal.")
    if seen is not None and not (isinstance(seen, str) and seen):
        raise PleaseStopError(f"{path}: `seen` is a text that the output must hold.")
    if browser is not None and not (isinstance(browser, str) and browser):
        raise PleaseStopError(f"{path}: `browser` names what the program needs and a browser does not have.")
    if wrong is not None and wrong not in WRONGS:
        raise PleaseStopError(f"{path}: `wrong` takes {', '.join(WRONGS)}, not {wrong!r}.")
    if wrong == "misleads" and seen is None:
        raise PleaseStopError(f'{path}: `wrong = "misleads"` needs `seen`, the text that proves it.')
    if wrong == "leaks" and not leaves:
        raise PleaseStopError(f'{path}: `wrong = "leaks"` needs `leaves`, such as ["process"].')
    if wrong == "fails" and status == 0:
        raise PleaseStopError(f'{path}: `wrong = "fails"` needs `exit`, the status that it ends with.')
    return Rules(
        timeout=float(timeout),
        unordered=_patterns(path, table, "unordered"),
        masked=_patterns(path, table, "masked"),
        exit=status,
        wrong=wrong,
        seen=seen,
        leaves=frozenset(leaves),
        platforms=frozenset(_choices(path, table, "platforms", PLATFORMS) or PLATFORMS),
        browser=browser,
    )


def _program(path: Path, text: str, docstring: ast.Expr) -> tuple[dict[str, tuple[int, int]], dict[int, int], str]:
    """Cut a file down to what a page shows, and say where its regions and lines then are."""
    assert docstring.end_lineno is not None
    hidden = set(range(docstring.lineno, docstring.end_lineno + 1))
    for block in _PEP_723.finditer(text):
        first = text.count("\n", 0, block.start()) + 1
        hidden.update(range(first, first + block.group().count("\n")))
    shown: list[str] = []
    lines: dict[int, int] = {}
    regions: dict[str, tuple[int, int]] = {}
    opened: tuple[str, int] | None = None
    for number, line in enumerate(text.splitlines(), 1):
        if number in hidden:
            continue
        if match := _REGION.match(line):
            name = match["name"]
            if opened is not None:
                raise PleaseStopError(
                    f"{path}:{number}: region `{name}` opens inside `{opened[0]}`; write `# endregion` before it."
                )
            if name in regions:
                raise PleaseStopError(f"{path}:{number}: a second region `{name}`; rename one of the two.")
            opened = name, len(shown)
        elif _END_REGION.match(line):
            if opened is None:
                raise PleaseStopError(f"{path}:{number}: `# endregion` closes nothing; delete it.")
            regions[opened[0]] = opened[1], len(shown)
            opened = None
        elif shown or line.strip():
            lines[number] = len(shown)
            shown.append(line)
    if opened is not None:
        raise PleaseStopError(
            f"{path}: region `{opened[0]}` opens and never closes; write `# endregion` where it ends."
        )
    return regions, lines, "\n".join(shown).rstrip() + "\n"


def _approved(path: Path) -> dict[Version | None, Path]:
    found: dict[Version | None, Path] = {}
    for out in path.parent.glob(f"{path.stem}.*out"):
        if (match := _APPROVED.match(out.name)) and match["name"] == path.stem:
            found[Version(match["upto"]) if match["upto"] else None] = out
    return found
