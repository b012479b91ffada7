"""Read and freeze the releases of a recipe.

The folder `releases/` holds the text of every released version (`1.0.0.py`) and `changes.json`, the list of
them, newest first. A release never changes, because `pleasestop verify` compares the copies of readers with it.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from packaging.version import Version

from pleasestop.files import write_all
from pleasestop.messages import PleaseStopError

if TYPE_CHECKING:
    from pleasestop.recipes.model import Recipe

VERSION = r"(?:0|[1-9][0-9]*)(?:\.(?:0|[1-9][0-9]*)){2}"
"""The form of a recipe's version, as a regular expression: three numbers."""


@dataclass(frozen=True)
class Release:
    """A version of a recipe as it was released; `date` is a day in ISO 8601, `sha256` that of the text."""

    version: Version
    date: str
    note: str
    text: str
    sha256: str


def sha256(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def read_text(path: Path) -> str:
    """Return the text of a UTF-8 file with lines that end in a line feed; raises `PleaseStopError`."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise PleaseStopError(f"{path}: is not written in UTF-8; save it as UTF-8.") from None
    except OSError as error:
        raise PleaseStopError(f"{path}: {error.strerror}; make it a file that you can read.") from None


def read(folder: Path) -> tuple[Release, ...]:
    """Read the releases in the folder `releases/` of a recipe, newest first; a draft has no such folder.

    Raises `PleaseStopError` if the list is not valid, if it and the files beside it do not match, and if a
    text is not the one that was released.
    """
    path = folder / "changes.json"
    entries = _read_changes(path) if path.exists() else []
    listed = {folder / f"{entry['version']}.py" for entry in entries}
    for file in sorted(listed ^ set(folder.glob("*.py"))):
        fault = f"missing, but {path.name} lists it" if file in listed else f"not in {path.name}"
        raise PleaseStopError(f"{file}: {fault}; restore both files from version control.")
    releases = []
    for entry in entries:
        file = folder / f"{entry['version']}.py"
        text = read_text(file)
        if sha256(text) != entry["sha256"]:
            raise PleaseStopError(
                f"{file}: is not the text that was released (its SHA-256 differs from the one in {path.name}). "
                f"Restore it from version control; to change the recipe, edit {folder.parent / folder.parent.name}.py, "
                "raise the version in its header and run `pleasestop release`."
            )
        releases.append(Release(Version(entry["version"]), entry["date"], entry["note"], text, entry["sha256"]))
    return tuple(releases)


def _read_changes(path: Path) -> list[dict[str, str]]:
    try:
        entries: list[dict[str, str]] = json.loads(read_text(path))
        for entry in entries:
            if entry.keys() != {"version", "date", "note", "sha256"} or not re.fullmatch(VERSION, entry["version"]):
                raise ValueError(f"not an entry: {entry}")
            date.fromisoformat(entry["date"])
        versions = [Version(entry["version"]) for entry in entries]
        if versions != sorted(set(versions), reverse=True):
            raise ValueError("not every version once, newest first")
    except (ValueError, TypeError, AttributeError) as error:
        raise PleaseStopError(
            f"{path}: is not a list of releases ({error}); restore it from version control. Only "
            "`pleasestop release` writes it."
        ) from None
    return entries


def release(recipe: "Recipe", note: str, day: date) -> bool:
    """Freeze the text of `recipe` as the version that its header names; `note` says what changed.

    Returns False if this version was released before with the same text. Raises `PleaseStopError`, and writes
    nothing, for an empty note and for a version that is not higher than the last release.
    """
    note = " ".join(note.split())
    if not note:
        raise PleaseStopError(f"{recipe.path}: the note is empty; say what a reader gets from {recipe.version}.")
    if recipe.released:
        return False
    if recipe.releases and recipe.version <= (last := recipe.releases[0].version):
        fault = "was released with another text" if recipe.version == last else f"is not higher than {last}"
        raise PleaseStopError(
            f"{recipe.path}:2: {recipe.version} {fault}, the last release; raise the version in the header."
        )
    new = Release(recipe.version, day.isoformat(), note, recipe.text, sha256(recipe.text))
    entries = [
        {"version": str(known.version), "date": known.date, "note": known.note, "sha256": known.sha256}
        for known in (new, *recipe.releases)
    ]
    changes = json.dumps(entries, indent=1, ensure_ascii=False) + "\n"
    folder = recipe.path.parent / "releases"
    write_all({folder / f"{new.version}.py": new.text, folder / "changes.json": changes})
    return True
