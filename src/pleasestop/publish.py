"""What a site offers of the recipes, and how that is had from a site.

A site has `recipes.json`, the list of all recipes with every version released, and the files
that it names. A shelf is that list with a way to read the files: those that came with this
program, or those of a site.
"""

import hashlib
import http.client
import json
import re
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit
from xml.etree import ElementTree

from packaging.version import Version

from pleasestop import catalog, recipes
from pleasestop.check import write_whole
from pleasestop.errors import PleaseStopError
from pleasestop.recipes import Recipe

MANIFEST = "recipes.json"
FEED = "recipes/feed.xml"
SCHEMA = Path(__file__).with_name("recipes.schema.json")
"""What `recipes.json` looks like, as a JSON Schema; it is published beside it."""

_SCHEMES = ("http", "https", "file")
_PATIENCE = 20.0  # seconds without an answer after which a site is given up
_URL = re.compile(rf"recipes/files/{recipes.NAME}/(?:{recipes.VERSION}|{recipes.NAME})\.py")


def files(recipe: Recipe) -> dict[str, str]:
    """Return the texts that a site has of one recipe, by their addresses below its root."""
    folder = f"recipes/files/{recipe.name}"
    texts = {f"{folder}/{release.version}.py": release.text for release in recipe.releases}
    texts[f"{folder}/latest.py"] = recipe.releases[0].text if recipe.releases else recipe.text
    texts[f"{folder}/{recipe.tests.name}"] = recipe.tests.read_text(encoding="utf-8")
    return texts


def manifest(offered: Iterable[Recipe]) -> str:
    """Return the text of `recipes.json`: the recipes that have been released."""
    entries = [_entry(recipe) for recipe in offered if recipe.releases]
    return json.dumps({"schema": 1, "recipes": entries}, indent=1) + "\n"


def _entry(recipe: Recipe) -> dict[str, Any]:
    hashes = {url: sha256(text) for url, text in files(recipe).items()}
    folder = f"recipes/files/{recipe.name}"
    newest, tests = f"{folder}/{recipe.releases[0].version}.py", f"{folder}/{recipe.tests.name}"
    history = []
    for release in recipe.releases:
        url = f"{folder}/{release.version}.py"
        told = {"version": str(release.version), "date": release.date, "note": release.note}
        history.append({**told, "sha256": hashes[url], "url": url})
    return {
        "name": recipe.name,
        "version": history[0]["version"],
        "title": recipe.title,
        "floor": recipe.floor,
        "dependencies": list(recipe.dependencies),
        "files": [
            {"path": recipe.path.name, "url": newest, "sha256": hashes[newest], "kind": "recipe"},
            {"path": recipe.tests.name, "url": tests, "sha256": hashes[tests], "kind": "tests"},
        ],
        "history": history,
    }


def feed(offered: Iterable[Recipe], name: str, address: str) -> str:
    """Return an Atom feed (RFC 4287) of what was released, the newest first.

    `name` is the site's; `address` its URL with a slash at the end, or "" if it has none.
    """
    root = ElementTree.Element("feed", xmlns="http://www.w3.org/2005/Atom")
    released = [(one.date, recipe, one) for recipe in offered for one in recipe.releases]
    released.sort(key=lambda told: told[0], reverse=True)
    _fill(root, f"{name}: recipes, what changed", FEED, released[0][0] if released else "2026-01-01")
    ElementTree.SubElement(root, "link", rel="self", href=address + FEED)
    ElementTree.SubElement(ElementTree.SubElement(root, "author"), "name").text = name
    for day, recipe, one in released:
        entry = ElementTree.SubElement(root, "entry")
        _fill(entry, f"{recipe.name} {one.version}", f"{recipe.page}{one.version}", day)
        ElementTree.SubElement(entry, "link", href=address + recipe.page if address else f"../{recipe.page}")
        ElementTree.SubElement(entry, "summary").text = f"{recipe.title} {one.note}"
    ElementTree.indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ElementTree.tostring(root, encoding="unicode")}\n'


def _fill(element: ElementTree.Element, title: str, key: str, day: str) -> None:
    """Add what a feed and an entry must have; the id stays when the site moves."""
    ElementTree.SubElement(element, "title").text = title
    ElementTree.SubElement(element, "id").text = f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'please-stop/{key}')}"
    ElementTree.SubElement(element, "updated").text = f"{day}T00:00:00Z"


def sha256(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def release(folder: Path, note: str, day: date) -> bool:
    """Freeze the recipe in `folder` as the version that its header names, with what changed.

    Returns False where that version was released with this very text. Raises
    `PleaseStopError`, and writes nothing, for an empty note, a version that was released with
    another text, and one that is not higher than the last.
    """
    recipe = recipes.read(folder)
    note = " ".join(note.split())
    if not note:
        raise PleaseStopError(f"{recipe.path}: say in the note what a reader gets who takes {recipe.version}.")
    if recipe.released:
        return False
    for known in recipe.releases:
        if recipe.version <= known.version:
            same = "was released with another text" if recipe.version == known.version else "is not higher"
            raise PleaseStopError(
                f"{recipe.path}: {recipe.version} {same}, and the last release is {recipe.releases[0].version}; "
                "raise the version in its header."
            )
    told = [(str(recipe.version), day.isoformat(), note)]
    told += [(str(known.version), known.date, known.note) for known in recipe.releases]
    changes = [dict(zip(("version", "date", "note"), entry, strict=True)) for entry in told]
    write_all(
        {
            folder / "releases" / f"{recipe.version}.py": recipe.text,
            folder / "releases" / "changes.json": json.dumps(changes, indent=1, ensure_ascii=False) + "\n",
        }
    )
    return True


def write_all(texts: Mapping[Path, str]) -> None:
    """Write files, and the folders that they need; when one cannot be written, none is.

    Each is there whole or not at all even if the machine stops; an error or an interruption
    (Ctrl-C) between two of them undoes what was done. Raises `PleaseStopError`.
    """
    before: dict[Path, tuple[bytes, int] | None] = {}
    made: list[Path] = []
    target = Path()
    try:
        for target, text in texts.items():
            made += [parent for parent in target.parents if not parent.exists()]
            target.parent.mkdir(parents=True, exist_ok=True)
            before[target] = (target.read_bytes(), target.stat().st_mode) if target.exists() else None
            write_whole(target, text)
            if (kept := before[target]) is not None:
                target.chmod(kept[1])
    except BaseException as error:
        for path, kept in before.items():
            with suppress(OSError):
                path.unlink() if kept is None else path.write_bytes(kept[0])
        for folder in made:  # the deepest first
            with suppress(OSError):
                folder.rmdir()
        if isinstance(error, OSError):
            raise PleaseStopError(f"{target}: {error.strerror}; nothing was written.") from None
        raise


@dataclass(frozen=True)
class File:
    """A file of a recipe: its name in a reader's project, and where a shelf has it."""

    path: str
    url: str
    sha256: str
    kind: Literal["recipe", "tests"]


@dataclass(frozen=True)
class Edition:
    """One released version of a recipe: where a shelf has it."""

    url: str
    sha256: str


@dataclass(frozen=True)
class Offer:
    """A recipe on a shelf: its newest version, its files, every version by its number."""

    name: str
    version: Version
    files: tuple[File, ...]
    editions: Mapping[Version, Edition]


@dataclass(frozen=True)
class Shelf:
    """The recipes that can be had, by name; `fetch` gets the bytes at an address below the root."""

    offers: Mapping[str, Offer]
    fetch: Callable[[str], bytes]

    def offer(self, name: str) -> Offer:
        """Return the recipe called `name`; raises `PleaseStopError` with the nearest names."""
        if name not in self.offers:
            all_of_them = f"There are: {', '.join(self.offers)}."
            raise PleaseStopError(catalog.unknown("recipe", name, self.offers, all_of_them))
        return self.offers[name]

    def text(self, what: File | Edition) -> str:
        """Return a file's text; raises `PleaseStopError` if it is not what the list promises."""
        content = self.fetch(what.url)
        if hashlib.sha256(content).hexdigest() != what.sha256:
            raise PleaseStopError(
                f"{what.url}: is not what {MANIFEST} of the same place promises (its SHA-256 differs), so it was "
                "not used. The site may be changing just now: try again, and tell its maintainers if it stays."
            )
        return content.decode()


def shelf(offered: Collection[Recipe]) -> Shelf:
    """Return the shelf of recipes on this machine; needs no network."""
    texts = {url: text.encode() for recipe in offered for url, text in files(recipe).items()}
    return Shelf(_offers(MANIFEST, manifest(offered).encode()), texts.__getitem__)


def site(address: str) -> Shelf:
    """Return the shelf of a site, reading `recipes.json` below its address.

    Raises `PleaseStopError` for an address that is not http, https or file, a site that does
    not answer, and a list that breaks the schema.
    """
    try:
        scheme = urlsplit(address).scheme
    except ValueError:
        scheme = ""
    if scheme not in _SCHEMES:
        raise PleaseStopError(f"{address}: no address of a site; write for example https://host/ or file:///folder/.")
    root = address.removesuffix(MANIFEST).rstrip("/") + "/"
    return Shelf(_offers(root + MANIFEST, _fetch(root + MANIFEST)), lambda url: _fetch(root + url))


def _fetch(address: str) -> bytes:
    try:
        with urllib.request.urlopen(address, timeout=_PATIENCE) as answer:
            content: bytes = answer.read()
            return content
    # What urllib raises for a refusal, a status and a timeout are all OSErrors.
    except (OSError, ValueError, http.client.HTTPException) as error:
        if isinstance(error, urllib.error.HTTPError):
            error.close()  # it holds the answer, and so the connection
        raise PleaseStopError(
            f"{address}: cannot be read ({error}); is it the address of a site with recipes? Without --from, "
            "the recipes that came with this program are taken."
        ) from None


def _offers(source: str, content: bytes) -> dict[str, Offer]:
    """Read a list of recipes, trusting nothing in it: `source` may be anybody's."""
    try:
        told = json.loads(content)
        if told["schema"] != 1:
            raise PleaseStopError(
                f"{source}: written in form {told['schema']!r}, and this program reads form 1; take a newer one."
            )
        return {entry["name"]: _offer(entry) for entry in told["recipes"]}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise PleaseStopError(f"{source}: no list of recipes that can be used ({error!r}).") from None


def _offer(entry: Mapping[str, Any]) -> Offer:
    name = _text(entry["name"], recipes.NAME)
    paths = {"recipe": f"{name}.py", "tests": f"test_{name}.py"}
    files = [
        File(_text(one["path"], re.escape(paths[one["kind"]])), _text(one["url"], _URL), one["sha256"], one["kind"])
        for one in entry["files"]
    ]
    editions = {
        Version(_text(one["version"], recipes.VERSION)): Edition(_text(one["url"], _URL), one["sha256"])
        for one in entry["history"]
    }
    newest = Version(_text(entry["version"], recipes.VERSION))
    if newest != max(editions) or sorted(file.kind for file in files) != ["recipe", "tests"]:
        raise ValueError(f"{name}: its version is not its newest, or its files are not a recipe and its tests")
    return Offer(name, newest, tuple(files), editions)


def _text(value: str, form: str | re.Pattern[str]) -> str:
    """Refuse what could lead out of a folder or a site, such as "../x.py"."""
    if not re.fullmatch(form, value):
        raise ValueError(f"{value!r} is refused")
    return value
