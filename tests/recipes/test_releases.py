"""How versions of a recipe are released, and that a release never changes."""

import json
import re
from datetime import date
from pathlib import Path

import pytest

from pleasestop.messages import PleaseStopError
from pleasestop.recipes import model, releases
from recipes.conftest import content_of, interrupt_second_write, release, text


def test_release_freezes_the_text(folder: Path) -> None:
    release(folder, "1.0.0", "1.1.0")
    recipe = model.read(folder)
    assert recipe.released
    assert [(str(known.version), known.date, known.note, known.text) for known in recipe.releases] == [
        ("1.1.0", "2026-01-01", "This is 1.1.0.", text("1.1.0")),
        ("1.0.0", "2026-01-01", "This is 1.0.0.", text("1.0.0")),
    ]
    assert [known.sha256 for known in recipe.releases] == [releases.sha256(known.text) for known in recipe.releases]
    before = content_of(folder)
    assert not releases.release(recipe, "Again.", date(2026, 1, 2))
    assert content_of(folder) == before


@pytest.mark.parametrize(
    ("content", "note", "message"),
    [
        (text("1.1.0") + "\n", "x", "greet.py:2: 1.1.0 was released with another text, the last release; raise the"),
        (text("1.0.0"), "x", "greet.py:2: 1.0.0 is not higher than 1.1.0, the last release; raise the version"),
        (text("2.0.0"), " \n", "greet.py: the note is empty; say what a reader gets from 2.0.0"),
    ],
)
def test_release_is_refused(folder: Path, content: str, note: str, message: str) -> None:
    release(folder, "1.0.0", "1.1.0")
    (folder / "greet.py").write_text(content, encoding="utf-8")
    before = content_of(folder)
    with pytest.raises(PleaseStopError, match=re.escape(message)):
        releases.release(model.read(folder), note, date(2026, 1, 2))
    assert content_of(folder) == before


def test_interrupted_release_leaves_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    interrupt_second_write(monkeypatch)
    before = content_of(folder)
    with pytest.raises(KeyboardInterrupt):
        releases.release(model.read(folder), "First.", date(2026, 1, 1))
    assert content_of(folder) == before


def test_edited_release_is_a_fault_that_names_file_and_remedy(folder: Path) -> None:
    release(folder, "1.0.0", "1.1.0")
    (folder / "releases/1.0.0.py").write_text(text("1.0.0").replace("hello", "hi"), encoding="utf-8")
    with pytest.raises(PleaseStopError) as caught:
        model.read(folder)
    assert f"{folder}/releases/1.0.0.py: is not the text that was released" in caught.value.message
    assert "Restore it from version control" in caught.value.message
    assert f"edit {folder}/greet.py, raise the version" in caught.value.message


def test_release_with_other_line_endings_is_the_same(folder: Path) -> None:
    release(folder, "1.0.0")
    (folder / "releases/1.0.0.py").write_bytes(text("1.0.0").replace("\n", "\r\n").encode())
    assert model.read(folder).released


ENTRY = {"version": "1.0.0", "date": "2026-01-01", "note": "x", "sha256": releases.sha256(text("1.0.0"))}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ("[", "is not a list of releases"),
        ("7", "is not a list of releases"),
        ("{}", "1.0.0.py: not in changes.json"),
        ("[]", "1.0.0.py: not in changes.json"),
        (json.dumps([ENTRY | {"version": "1.1.0"}]), "1.0.0.py: not in changes.json"),
        (json.dumps([ENTRY | {"version": "1.1.0"}, ENTRY]), "1.1.0.py: missing"),
        (json.dumps([{key: ENTRY[key] for key in ("version", "date", "note")}]), "not an entry"),
        (json.dumps([ENTRY | {"version": "1.0"}]), "not an entry"),
        (json.dumps([ENTRY | {"date": "January"}]), "Invalid isoformat"),
        (json.dumps([ENTRY, ENTRY]), "newest first"),
        (json.dumps([ENTRY, ENTRY | {"version": "1.1.0"}]), "newest first"),
        (json.dumps([ENTRY | {"sha256": "0" * 64}]), "1.0.0.py: is not the text that was released"),
    ],
)
def test_list_of_releases_with_a_fault_is_refused(folder: Path, changes: str, message: str) -> None:
    release(folder, "1.0.0")
    (folder / "releases/changes.json").write_text(changes, encoding="utf-8")
    with pytest.raises(PleaseStopError, match=message):
        model.read(folder)
