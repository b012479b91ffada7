"""Copy recipes into a reader's project, and later compare, update and merge the copies.

A copy is recognised by its header, whatever the name of its file. It is compared with the release that the
header names; line endings do not count.
"""

import difflib
import io
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from packaging.version import Version

from pleasestop.files import write_all
from pleasestop.messages import PleaseStopError, not_found
from pleasestop.recipes.merge import merge
from pleasestop.recipes.model import NAME
from pleasestop.recipes.registry import Registry, RegistryEntry
from pleasestop.recipes.releases import VERSION, sha256

State = Literal["unmodified", "outdated", "edited", "edited and outdated", "unknown"]

_HEADER = re.compile(rb"^# Recipe: (?P<name>" + NAME.encode() + rb") (?P<version>[!-~]+)\s*$", re.MULTILINE)
_HEADER_BYTES = 2000
"""How many bytes of a file are searched for a header; a licence may stand before it."""
_SKIPPED_FOLDERS = ("__pycache__", "node_modules", "site-packages")


@dataclass(frozen=True)
class Copy:
    """A file in a reader's project that is a copy of a recipe.

    `text` has lines that end in a line feed; `crlf` says whether the file has CRLF. `detail` names the versions,
    or the reason why the state is unknown; `entry` and `version` are None in that case.
    """

    path: Path
    text: str
    crlf: bool
    state: State
    detail: str
    entry: RegistryEntry | None = None
    version: Version | None = None


@dataclass(frozen=True)
class Step:
    """A planned step for one file: the new text, or None to leave the file as it is.

    `message` describes the change for the reader; `conflicts` counts the places that a merge could not decide.
    """

    path: Path
    text: str | None
    message: str
    conflicts: int = 0


def find(folder: Path, registry: Registry, names: Sequence[str] = ()) -> list[Copy]:
    """Return the copies of recipes (of the named ones, if any) below a folder, each with its state.

    Virtual environments, caches and hidden folders are skipped. With names, a file that has the name of such a
    recipe and no header is a copy, too. Raises `PleaseStopError` for a name that no recipe has, and if there is
    no copy: a check of nothing must not pass.
    """
    wanted = {registry.entry(name).name for name in names}
    copies = []
    for path in _find_programs(folder):
        content = _read_bytes(path)
        header = _HEADER.search(content[:_HEADER_BYTES])
        if (header and (not wanted or header["name"].decode() in wanted)) or path.stem in wanted:
            copies.append(_compare(path, content, header, registry))
    if not copies:
        what = " or ".join(sorted(wanted)) or "a recipe"
        raise PleaseStopError(f"{folder}: holds no copy of {what}; `pleasestop add NAME` makes one.")
    return copies


def _find_programs(folder: Path) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder):
        if "pyvenv.cfg" in names:  # a virtual environment
            folders.clear()
            continue
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in _SKIPPED_FOLDERS)
        yield from (Path(parent, name) for name in sorted(names) if name.endswith(".py"))


def _read_bytes(path: Path) -> bytes:
    """Return the content of a file; that of a broken link, a socket and the like is empty."""
    try:
        return path.read_bytes() if path.is_file() else b""
    except OSError as error:
        raise PleaseStopError(f"{path}: {error.strerror}; make it readable, or search another folder.") from None


def _compare(path: Path, content: bytes, header: re.Match[bytes] | None, registry: Registry) -> Copy:
    try:
        text, crlf = content.decode().replace("\r\n", "\n"), b"\r\n" in content
    except UnicodeDecodeError:
        raise PleaseStopError(f"{path}: is not written in UTF-8; save it as UTF-8.") from None
    if header is None:
        return Copy(path, text, crlf, "unknown", "it has no header with the name and the version of a recipe")
    name, number = header["name"].decode(), header["version"].decode()
    entry = registry.entries.get(name)
    if entry is None:
        return Copy(path, text, crlf, "unknown", not_found("recipe", name, registry.entries))
    version = Version(number) if re.fullmatch(VERSION, number) else None
    if version is None or version not in entry.releases:
        detail = f"{name} has no release {number}; the newest is {entry.version}"
        return Copy(path, text, crlf, "unknown", detail)
    edited = sha256(text) != entry.releases[version].sha256
    outdated = version < entry.version
    state: State = "edited and outdated" if edited and outdated else "edited" if edited else "outdated"
    if not edited and not outdated:
        state = "unmodified"
    detail = f"{name} {version}" + (f", the newest is {entry.version}" if outdated else "")
    return Copy(path, text, crlf, state, detail, entry, version)


def additions(registry: Registry, names: Sequence[str], folder: Path, *, tests: bool, force: bool) -> list[Step]:
    """Plan to copy recipes, and their tests if `tests`, into a folder that exists or is created.

    Raises `PleaseStopError` for a name that no recipe has, for a file that would lead out of the folder, and,
    unless `force`, for every file that exists with another text.
    """
    if folder.exists() and not folder.is_dir():
        raise PleaseStopError(f"{folder}: is not a folder; name one with --to.")
    steps, refused = [], []
    entries = [registry.entry(name) for name in dict.fromkeys(names)]
    for file in (file for entry in entries for file in (entry.newest, entry.tests)[: 1 + tests]):
        path = folder / file.name
        target = _resolve(path, folder)
        text = registry.text(file)
        if not target.exists():
            steps.append(Step(path, text, "added"))
        elif target.is_file() and _read_bytes(target).replace(b"\r\n", b"\n") == text.encode():
            steps.append(Step(path, None, "exists already with this text"))
        elif target.is_file() and force:
            steps.append(Step(path, text, "replaced"))
        else:
            refused.append(f"{path}: exists with another text; see `pleasestop diff`, or replace it with --force.")
    if refused:
        raise PleaseStopError("\n".join([*refused, "Nothing was written."]))
    return steps


def _resolve(path: Path, folder: Path) -> Path:
    """Return the file that `path` leads to; refuse a link that leads out of the folder."""
    target = path.resolve()
    if not target.is_relative_to(folder.resolve()):
        raise PleaseStopError(
            f"{path}: is a link that leads out of {folder}, to {target}; nothing was written. Replace the link "
            "with a file, or name another folder."
        )
    return target


def update(registry: Registry, copy: Copy) -> Step:
    """Plan to bring a copy to the newest release; edits are merged into it and never lost."""
    if copy.entry is None or copy.version is None:
        return Step(copy.path, None, f"left as it is: {copy.detail}")
    entry = copy.entry
    if copy.version == entry.version:
        message = "is the newest release" if copy.state == "unmodified" else "left as it is: edited, not outdated"
        return Step(copy.path, None, message)
    newest = registry.text(entry.newest)
    if copy.state == "outdated":
        return Step(copy.path, _with_endings(newest, copy.crlf), f"{copy.version} replaced by {entry.version}")
    base = registry.text(entry.releases[copy.version])
    merged, conflicts = merge(base, copy.text, newest, f"{entry.name} {entry.version}")
    message = f"your changes to {copy.version} merged into {entry.version}"
    if conflicts:
        message += f", with {conflicts} conflict{'s' * (conflicts > 1)}: edit the lines between <<<<<<< and >>>>>>>"
    return Step(copy.path, _with_endings(merged, copy.crlf), message, conflicts)


def _with_endings(text: str, crlf: bool) -> str:
    return text.replace("\n", "\r\n") if crlf else text


def write(steps: Sequence[Step], folder: Path) -> None:
    """Write the planned files in a folder, all or none; raises `PleaseStopError`."""
    write_all({_resolve(step.path, folder): step.text for step in steps if step.text is not None})


def differences(registry: Registry, copy: Copy) -> str:
    """Return unified diffs: the edits of a copy, then what is new since the release that it comes from.

    The text is empty for the newest release, and the reason for a copy whose state is unknown.
    """
    if copy.entry is None or copy.version is None:
        return f"{copy.path}: {copy.detail}\n"
    name, newest = copy.entry.name, copy.entry.version
    base = registry.text(copy.entry.releases[copy.version])
    edits = _diff(base, copy.text, f"{name} {copy.version}", str(copy.path))
    return edits + _diff(base, registry.text(copy.entry.newest), f"{name} {copy.version}", f"{name} {newest}")


def _diff(before: str, after: str, old: str, new: str) -> str:
    # A StringIO ends a line at "\n" only, not at a form feed.
    rows = difflib.unified_diff(list(io.StringIO(before)), list(io.StringIO(after)), old, new)
    return "".join(row if row.endswith("\n") else f"{row}\n\\ No newline at end of file\n" for row in rows)
