"""Bring recipes into a reader's project, and tell later what became of the copies.

A copy is known by its header, whatever its file is called. It is compared with the release
that the header names; how its lines end does not count.
"""

import difflib
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from packaging.version import Version

from pleasestop import recipes
from pleasestop.catalog import unknown
from pleasestop.errors import PleaseStopError
from pleasestop.publish import Offer, Shelf, sha256, write_all

State = Literal["unmodified", "outdated", "edited", "edited and outdated", "unknown"]

_HEADER = re.compile(rf"^# Recipe: (?P<name>{recipes.NAME}) (?P<version>\S+)\s*$", re.MULTILINE)
_HEAD = 2000
"""Bytes of a file that are searched for a header; a licence or two may stand before it."""
_PASSED_OVER = ("__pycache__", "node_modules", "site-packages")


@dataclass(frozen=True)
class Copy:
    """A file in a reader's project that says it is a recipe.

    `text` has its lines ended by a line feed; `crlf` is whether the file has not. `offer` and
    `version` are None where the state is unknown; `told` says why it is, or what is newer.
    """

    path: Path
    text: str
    crlf: bool
    state: State
    told: str
    offer: Offer | None = None
    version: Version | None = None


def find(folder: Path, shelf: Shelf, names: Sequence[str] = ()) -> list[Copy]:
    """Find the copies of recipes (of the named ones, if any) in a folder, and judge each.

    Virtual environments, caches and hidden folders are passed over. With names, a file that
    is called like one of them and has no header is found too. Raises `PleaseStopError` for a
    name that no recipe has, and where nothing is found: a check of nothing must not pass.
    """
    wanted = {shelf.offer(name).name for name in names}
    copies = []
    for path in _programs(folder):
        content = _content(path)
        header = _HEADER.search(content[:_HEAD].decode(errors="replace"))
        if (header is not None and (not wanted or header["name"] in wanted)) or path.stem in wanted:
            copies.append(_judge(path, content, header, shelf))
    if not copies:
        what = " or ".join(sorted(wanted)) or "a recipe"
        raise PleaseStopError(f"{folder}: no copy of {what} here; `pleasestop add NAME` makes one.")
    return copies


def _programs(folder: Path) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder):
        if "pyvenv.cfg" in names:  # a virtual environment
            folders.clear()
            continue
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in _PASSED_OVER)
        yield from (Path(parent, name) for name in sorted(names) if name.endswith(".py"))


def _content(path: Path) -> bytes:
    """Read a file; a link to nowhere, and what is no file, has no content."""
    try:
        return path.read_bytes() if path.is_file() else b""
    except OSError as error:
        raise PleaseStopError(f"{path}: {error.strerror}; make it readable, or look in another folder.") from None


def _text(path: Path, content: bytes) -> str:
    try:
        return content.decode().replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise PleaseStopError(f"{path}: is not written in UTF-8, as every recipe is; save it as UTF-8.") from None


def _judge(path: Path, content: bytes, header: re.Match[str] | None, shelf: Shelf) -> Copy:
    text, crlf = _text(path, content), b"\r\n" in content
    if header is None:
        return Copy(path, text, crlf, "unknown", "it has no header that names recipe and version")
    name, number = header["name"], header["version"]
    offer = shelf.offers.get(name)
    if offer is None:
        return Copy(path, text, crlf, "unknown", unknown("recipe", name, shelf.offers))
    version = Version(number) if re.fullmatch(recipes.VERSION, number) else None
    if version is None or version not in offer.editions:
        return Copy(path, text, crlf, "unknown", f"there is no release {number} of {name} here, up to {offer.version}")
    edited = sha256(text) != offer.editions[version].sha256
    outdated = version < offer.version
    state: State = "edited and outdated" if edited and outdated else "edited" if edited else "outdated"
    if not edited and not outdated:
        state = "unmodified"
    told = f"{name} {version}" + (f", {offer.version} is out" if outdated else "")
    return Copy(path, text, crlf, state, told, offer, version)


@dataclass(frozen=True)
class Step:
    """What is done with one file: its new text (None to leave it), and what is said of it.

    `conflicts` counts the places where a merge could not decide.
    """

    path: Path
    text: str | None
    told: str
    conflicts: int = 0


def additions(shelf: Shelf, names: Sequence[str], folder: Path, *, tests: bool, force: bool) -> list[Step]:
    """Plan to copy recipes (and their tests) into a folder, which need not exist.

    Raises `PleaseStopError` for a name that no recipe has, a file that would lead out of the
    folder, and, unless it is forced, for every file that is there with another text.
    """
    if folder.exists() and not folder.is_dir():
        raise PleaseStopError(f"{folder}: is no folder; name one with --to.")
    steps, refused = [], []
    offers = [shelf.offer(name) for name in dict.fromkeys(names)]
    for file in (file for offer in offers for file in offer.files if tests or file.kind == "recipe"):
        path = folder / file.path
        inside = _inside(path, folder)
        text = shelf.text(file)
        if not inside.exists():
            steps.append(Step(path, text, "added"))
        elif inside.is_file() and _content(inside).replace(b"\r\n", b"\n") == text.encode():
            steps.append(Step(path, None, "is there already, the same"))
        elif inside.is_file() and force:
            steps.append(Step(path, text, "replaced"))
        else:
            refused.append(f"{path}: is there with another text; see `pleasestop diff`, or replace it with --force.")
    if refused:
        raise PleaseStopError("\n".join([*refused, "Nothing was written."]))
    return steps


def _inside(path: Path, folder: Path) -> Path:
    """Return the file that `path` leads to; refuses a link that leads out of the folder."""
    real = path.resolve()
    if not real.is_relative_to(folder.resolve()):
        raise PleaseStopError(f"{path}: is a link that leads out of {folder}, to {real}; nothing was written.")
    return real


def updates(shelf: Shelf, copies: Sequence[Copy]) -> list[Step]:
    """Plan to bring copies to the newest version; what was edited is merged, never lost."""
    return [_update(shelf, copy) for copy in copies]


def _update(shelf: Shelf, copy: Copy) -> Step:
    if copy.offer is None or copy.version is None:
        return Step(copy.path, None, f"left alone: {copy.told}")
    offer = copy.offer
    if copy.version == offer.version:
        told = "is the newest" if copy.state == "unmodified" else "edited, and of the newest version: left alone"
        return Step(copy.path, None, told)
    newest = shelf.text(offer.editions[offer.version])
    if copy.state == "outdated":
        return Step(copy.path, _ended(newest, copy.crlf), f"{copy.version} replaced by {offer.version}")
    base = shelf.text(offer.editions[copy.version])
    merged, conflicts = merge(base, copy.text, newest, f"{offer.name} {offer.version}")
    told = f"your changes to {copy.version} merged into {offer.version}"
    if conflicts:
        told += f", with {conflicts} conflict{'s' * (conflicts > 1)}: edit what stands between <<<<<<< and >>>>>>>"
    return Step(copy.path, _ended(merged, copy.crlf), told, conflicts)


def _ended(text: str, crlf: bool) -> str:
    """End the lines as the file had them; on Windows, writing does so itself."""
    return text.replace("\n", "\r\n") if crlf and os.linesep == "\n" else text


def write(steps: Sequence[Step], folder: Path) -> None:
    """Do what was planned for files in a folder, all or nothing; raises `PleaseStopError`."""
    write_all({_inside(step.path, folder): step.text for step in steps if step.text is not None})


def differences(shelf: Shelf, copy: Copy) -> str:
    """Return unified diffs: what was edited in a copy, and what is new since its release.

    Empty where the copy is the newest release; the reason where it is not known.
    """
    if copy.offer is None or copy.version is None:
        return f"{copy.path}: {copy.told}\n"
    name, newest = copy.offer.name, copy.offer.version
    base = shelf.text(copy.offer.editions[copy.version])
    edited = _diff(base, copy.text, f"{name} {copy.version}", str(copy.path))
    latest = shelf.text(copy.offer.editions[newest])
    return edited + _diff(base, latest, f"{name} {copy.version}", f"{name} {newest}")


def _diff(before: str, after: str, old: str, new: str) -> str:
    rows = difflib.unified_diff(before.splitlines(), after.splitlines(), old, new, lineterm="")
    return "".join(f"{row}\n" for row in rows)


def merge(base: str, mine: str, theirs: str, name: str) -> tuple[str, int]:
    """Bring what changed from `base` to `theirs` into `mine`; returns it and counts conflicts.

    Between two lines that all three have, the side that changed wins. Where both changed, and
    not alike, both stand there between the markers that git uses, theirs under `name`.
    (Written here because the one library for it on the index is under the GPL.)
    """
    texts = [text.split("\n") for text in (base, mine, theirs)]
    of_mine, of_theirs = _kept(texts[0], texts[1]), _kept(texts[0], texts[2])
    merged: list[str] = []
    conflicts = 0
    after = (0, 0, 0)
    common = [(line, of_mine[line], of_theirs[line]) for line in sorted(of_mine.keys() & of_theirs.keys())]
    for place in [*common, tuple(len(lines) for lines in texts)]:
        old, ours, new = (lines[first:last] for lines, first, last in zip(texts, after, place, strict=True))
        if ours in (old, new):
            merged += new
        elif new == old:
            merged += ours
        else:
            conflicts += 1
            merged += ["<<<<<<< yours", *ours, "=======", *new, f">>>>>>> {name}"]
        merged += texts[0][place[0] : place[0] + 1]
        after = (place[0] + 1, place[1] + 1, place[2] + 1)
    return "\n".join(merged), conflicts


def _kept(base: Sequence[str], other: Sequence[str]) -> dict[int, int]:
    """Map the lines of `base` that `other` still has, in the same order, to their places there."""
    blocks = difflib.SequenceMatcher(None, base, other, autojunk=False).get_matching_blocks()
    return {block.a + step: block.b + step for block in blocks for step in range(block.size)}
