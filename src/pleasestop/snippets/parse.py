"""Find the snippets and read what each file says."""

import ast
import hashlib
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import Version

from pleasestop import script_metadata
from pleasestop.messages import PleaseStopError
from pleasestop.snippets import output
from pleasestop.snippets.model import Expectation, Snippet
from pleasestop.snippets.output import ApprovedOutput

NAME = re.compile(r"[a-z][a-z0-9_]*")
_APPROVED = re.compile(r"(?P<name>[a-z][a-z0-9_]*)(?:\.(?P<up_to>3\.\d+)|\.(?P<pypy>pypy))?\.out")
_PINNED = re.compile(r"^([\w.-]+)==([^\s;\\]+)", re.MULTILINE)
_IMPORT = re.compile(r"^[ \t]*(?:from[ \t]+(\w+)[\w.]*[ \t]+import|import[ \t]+([\w., \t]+))", re.MULTILINE)
_DOCSTRING = re.compile(r'(?:#[^\n]*\n|\s)*(?:"""|\'\'\').*?(?:"""|\'\'\')[ \t]*\n?', re.DOTALL)


def load(root: Path) -> tuple[dict[str, Snippet], dict[str, PleaseStopError]]:
    """Read every snippet below `root`: all by name, in the order of paths, and the faults by name.

    Recipes, their tests and their releases are not snippets (`is_recipe_file`). A fault is a
    file that breaks a rule, a second snippet with the same name, or an approved output
    without its program. Raises `PleaseStopError` if the folder is missing.
    """
    if not root.is_dir():
        raise PleaseStopError(f"{root}: there is no such folder of snippets; run this in the project's folder.")
    snippets: dict[str, Snippet] = {}
    faults: dict[str, PleaseStopError] = {}
    programs = [path for path in sorted(root.rglob("*.py")) if "__pycache__" not in path.parts]
    for path in (path for path in programs if not is_recipe_file(path.relative_to(root))):
        try:
            if path.stem in snippets:
                raise PleaseStopError(
                    f"{path}: {snippets[path.stem].path} has the same name; pages and commands find a snippet by its "
                    "name alone, so rename one of the two."
                )
            snippets[path.stem] = read(path, root)
        except PleaseStopError as fault:
            faults[path.stem] = fault
    for path in sorted(root.rglob("*.out")):
        match = _APPROVED.fullmatch(path.name)
        if match is None:
            faults[path.name] = PleaseStopError(
                f"{path}: an approved output is called NAME.out, NAME.3.11.out for Python 3.11 and older, or "
                "NAME.pypy.out; rename or delete it."
            )
        elif not path.with_name(f"{match['name']}.py").exists():
            faults[path.name] = PleaseStopError(
                f"{path}: there is no {match['name']}.py beside it; delete it, or restore the program that printed it."
            )
    return snippets, faults


def is_recipe_file(path: Path) -> bool:
    """Return whether `path`, below the folder of snippets, is a recipe or belongs to one.

    In `recipes/NAME/` the recipe is `NAME.py`, its tests are `test_NAME.py` and its past
    versions lie in `releases/`; every other program there is a snippet.
    """
    if path.parts[0] != "recipes" or len(path.parts) < 3:
        return path.parts[0] == "recipes"
    name = path.parts[1]
    return path.parts[2] in (f"{name}.py", f"test_{name}.py", "releases")


def read(path: Path, root: Path) -> Snippet:
    """Read one snippet; raises `PleaseStopError` that names the file, the fault and the remedy."""
    if not NAME.fullmatch(path.stem):
        raise PleaseStopError(f"{path}: name a snippet in lower_case_words that say what happens.")
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise PleaseStopError(f"{path}: is not UTF-8; save it as UTF-8.") from None
    docstring = _docstring(path, text)
    claim = docstring.partition("\n")[0].strip()
    if not claim:
        raise PleaseStopError(
            f"{path}:1: there is no claim; begin the file with a docstring whose first line is one sentence that can "
            'be false, such as """`join(timeout)` returns None.""".'
        )
    if not claim.endswith("."):
        raise PleaseStopError(
            f"{path}:1: the claim must be one sentence; end the docstring's first line with a full stop."
        )
    metadata = script_metadata.read(path, text)
    dependencies = script_metadata.dependencies(path, metadata)
    lock = root / "requirements.lock"
    if dependencies:
        _refuse_unpinned(path, dependencies, lock)
    modules = local_modules(path)
    program, lines = _visible(text)
    return Snippet(
        name=path.stem,
        path=path,
        folder=path.parent.relative_to(root).as_posix(),
        claim=claim,
        program=program,
        text=text,
        lines=lines,
        requires_python=_requires_python(path, metadata),
        dependencies=dependencies,
        lock=lock,
        expectation=_expectation(path, text, metadata.get("tool", {}).get("pleasestop", {})),
        modules=modules,
        fingerprint=_fingerprint(program, modules, dependencies),
        approved=_approved(path),
    )


def pinned_versions(lock: Path) -> dict[str, str]:
    """Return the pinned version of each package in a lock file, by name; {} if the file does not exist."""
    return dict(_PINNED.findall(lock.read_text(encoding="utf-8"))) if lock.exists() else {}


def _refuse_unpinned(path: Path, dependencies: Iterable[str], lock: Path) -> None:
    """Raise `PleaseStopError` for a requirement that is not the version in the lock of packages."""
    pinned = pinned_versions(lock)
    for text in dependencies:
        name = re.split(r"[^\w.-]", text, maxsplit=1)[0].lower()
        if name not in pinned:
            raise PleaseStopError(
                f"{path}: {lock} does not pin {name}; add it to {lock.with_suffix('.in').name} and lock it: "
                "python tools/lock_packages.py"
            )
        if text != f"{name}=={pinned[name]}":
            raise PleaseStopError(f'{path}: require "{name}=={pinned[name]}", as {lock} pins it, not "{text}".')


def _docstring(path: Path, text: str) -> str:
    """Return the docstring of a program, "" if there is none."""
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        # A program for a newer Python than the build's is still read: only its docstring is
        # needed, and that is always at the top.
        head = _DOCSTRING.match(text)
        if head is None or "requires-python" not in text:
            raise PleaseStopError(
                f"{path}:{error.lineno}: {error.msg}; fix it, or say in a PEP 723 block which `requires-python` can "
                "read it."
            ) from None
        tree = ast.parse(head.group())
    return ast.get_docstring(tree) or ""


def _visible(text: str) -> tuple[str, dict[int, int]]:
    """Return what a page shows of a file, and which line of it each 1-based line of the file became."""
    hidden: set[int] = set()
    matches = [_DOCSTRING.match(text), *script_metadata.BLOCK.finditer(text)]
    for match in (match for match in matches if match is not None):
        first = script_metadata.line_at(text, match.start())
        hidden.update(range(first, first + len(match.group().rstrip().split("\n"))))
    shown: list[str] = []
    lines: dict[int, int] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if number not in hidden and (shown or line.strip()):
            lines[number] = len(shown)
            shown.append(line)
    return "\n".join(shown).rstrip() + "\n", lines


def local_modules(path: Path) -> tuple[Path, ...]:
    """Return the modules beside `path` that it imports, directly or not, in the order of discovery."""
    found: list[Path] = []
    unread = [path]
    while unread:
        text = unread.pop().read_text(encoding="utf-8")
        names = {name for match in _IMPORT.finditer(text) for name in re.findall(r"\w+", match[1] or match[2])}
        for name in sorted(names):
            module = path.with_name(f"{name}.py")
            if module != path and module not in found and module.exists():
                found.append(module)
                unread.append(module)
    return tuple(found)


def _fingerprint(program: str, modules: tuple[Path, ...], dependencies: tuple[str, ...]) -> str:
    """Return twelve hexadecimal digits that stand for what is executed."""
    digest = hashlib.sha256()
    for part in (program, *(_visible(module.read_text(encoding="utf-8"))[0] for module in modules), *dependencies):
        digest.update(part.encode() + b"\0")
    return digest.hexdigest()[:12]


def _requires_python(path: Path, metadata: Mapping[str, Any]) -> SpecifierSet:
    given = metadata.get("requires-python", "")
    try:
        return SpecifierSet(given)
    except (InvalidSpecifier, TypeError, AttributeError):
        raise PleaseStopError(
            f'{path}: `requires-python = {given!r}` is not a version specifier; write for example ">=3.11".'
        ) from None


def _expectation(path: Path, text: str, table: Mapping[str, Any]) -> Expectation:
    """Read the `[tool.pleasestop]` table."""
    position = text.find("[tool.pleasestop]")
    place = f"{path}:{script_metadata.line_at(text, position)}" if position >= 0 else str(path)
    script_metadata.refuse_unknown(place, table, Expectation.__struct_fields__, "[tool.pleasestop]")
    try:
        return msgspec.convert(table, Expectation)
    except msgspec.ValidationError as error:
        fault = re.sub(r"^(.*) - at `\$\.?(.*)`$", r"`\2`: \1", str(error))
        raise PleaseStopError(f"{place}: {fault}; the table in CONTRIBUTING.md says what each key takes.") from None


def _approved(path: Path) -> tuple[ApprovedOutput, ...]:
    """Read the approved outputs beside a program, the newest version first, PyPy's last."""
    found: list[ApprovedOutput] = []
    for file in path.parent.glob(f"{path.stem}.*out"):
        match = _APPROVED.fullmatch(file.name)
        if match is None or match["name"] != path.stem:
            continue
        try:
            printed, fingerprint = output.parse(file.read_text(encoding="utf-8"))
        except ValueError as error:
            raise PleaseStopError(f"{file}: {error}; write it again: python dev.py approve {path.stem}") from None
        up_to = Version(match["up_to"]) if match["up_to"] else None
        found.append(ApprovedOutput(file, up_to, printed, fingerprint, output.PYPY if match["pypy"] else ""))
    newest_first = sorted(found, key=lambda one: one.up_to or Version("999"), reverse=True)
    return tuple(sorted(newest_first, key=lambda one: one.variant))
