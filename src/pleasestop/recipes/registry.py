"""Find recipes to copy, in this program or on a site, and fetch their files.

A site publishes its manifest, `recipes.json`, and the files that the manifest names.
"""

import hashlib
import http.client
import json
import re
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.version import Version

from pleasestop.messages import PleaseStopError, not_found
from pleasestop.recipes import model
from pleasestop.recipes.model import NAME, Recipe
from pleasestop.recipes.releases import VERSION, read_text, sha256

MANIFEST = "recipes.json"
"""The URL of the manifest, relative to the site's root."""
SCHEMA = "recipes.schema.json"
"""The URL of its JSON Schema, relative to the site's root."""
URL = rf"recipes/files/{NAME}/(?:{VERSION}|{NAME})\.py"
"""The form of the URL of a recipe's file, as a regular expression."""
SHA256 = "[0-9a-f]{64}"

_TIMEOUT = 20.0  # seconds that a site may take to send the next bytes


@dataclass(frozen=True)
class RegistryFile:
    """A file of a recipe: its name in a reader's project, its URL below the site's root, its SHA-256."""

    name: str
    url: str
    sha256: str


@dataclass(frozen=True)
class RegistryEntry:
    """A recipe that a registry offers: a file for each release, and the tests of the newest one."""

    name: str
    version: Version
    releases: Mapping[Version, RegistryFile]
    tests: RegistryFile

    @property
    def newest(self) -> RegistryFile:
        """The file of the newest release."""
        return self.releases[self.version]


@dataclass(frozen=True)
class Registry:
    """The recipes that can be copied, by name; `fetch` returns the bytes at a URL below the root."""

    entries: Mapping[str, RegistryEntry]
    fetch: Callable[[str], bytes]

    def entry(self, name: str) -> RegistryEntry:
        """Return the recipe called `name`; raises `PleaseStopError` with the nearest names."""
        if name not in self.entries:
            raise PleaseStopError(not_found("recipe", name, self.entries, f"There are: {', '.join(self.entries)}."))
        return self.entries[name]

    def text(self, file: RegistryFile) -> str:
        """Return the text of a file; raises `PleaseStopError` if it is not the one that the manifest describes."""
        content = self.fetch(file.url)
        if hashlib.sha256(content).hexdigest() != file.sha256:
            raise PleaseStopError(
                f"{file.url}: was not used, because its SHA-256 differs from the one in {MANIFEST} of that site. "
                "The site may be changing at this moment: try again, and report it to the site if it stays so."
            )
        try:
            return content.decode()
        except UnicodeDecodeError:
            raise PleaseStopError(f"{file.url}: is not UTF-8 text; report it to the site.") from None


def files(recipe: Recipe) -> dict[str, str]:
    """Return the texts that a site publishes of one recipe, by URL relative to the site's root."""
    texts = {_url(recipe, f"{release.version}.py"): release.text for release in recipe.releases}
    texts[_url(recipe, "latest.py")] = recipe.releases[0].text if recipe.releases else recipe.text
    texts[_url(recipe, recipe.tests.name)] = read_text(recipe.tests)
    return texts


def describe(recipe: Recipe) -> RegistryEntry:
    """Return the registry's entry of a recipe that has a release."""
    releases = {
        release.version: RegistryFile(recipe.path.name, _url(recipe, f"{release.version}.py"), release.sha256)
        for release in recipe.releases
    }
    tests = RegistryFile(recipe.tests.name, _url(recipe, recipe.tests.name), sha256(read_text(recipe.tests)))
    return RegistryEntry(recipe.name, max(releases), releases, tests)


def _url(recipe: Recipe, name: str) -> str:
    return f"recipes/files/{recipe.name}/{name}"


def from_recipes(recipes: Iterable[Recipe]) -> Registry:
    """Return the registry of the released ones of these recipes; it needs no network."""
    released = [recipe for recipe in recipes if recipe.releases]
    texts = {url: text.encode() for recipe in released for url, text in files(recipe).items()}
    return Registry({recipe.name: describe(recipe) for recipe in released}, texts.__getitem__)


def bundled() -> Registry:
    """Return the registry of the recipes that came with this program, or of the checkout that it runs from."""
    package = Path(__file__).resolve().parents[1]
    own = package / "recipes_data"
    recipes, faults = model.load(own if own.is_dir() else package.parents[1] / "snippets" / "recipes")
    for fault in faults.values():
        raise fault
    return from_recipes(recipes.values())


def from_url(address: str) -> Registry:
    """Return the registry of the site at `address` (http, https or file), which is the URL of its root or manifest.

    Raises `PleaseStopError` for another address, a site that does not answer, and a manifest that is not valid.
    """
    if not re.match(r"(?i:https?|file)://", address):
        raise PleaseStopError(
            f"{address}: is not the address of a site; write, for example, https://host/ or file:///folder/."
        )
    root = address.removesuffix(MANIFEST).rstrip("/") + "/"
    return Registry(_read_manifest(root + MANIFEST), lambda url: _fetch(root + url))


def _fetch(address: str) -> bytes:
    try:
        with urllib.request.urlopen(address, timeout=_TIMEOUT) as response:
            content: bytes = response.read()
            return content
    # A refused connection, an HTTP status and a timeout are all OSErrors here.
    except (OSError, ValueError, http.client.HTTPException) as error:
        if isinstance(error, urllib.error.HTTPError):
            error.close()  # it holds the connection
        raise PleaseStopError(
            f"{address}: cannot be read ({error}); check the address. Without --from, pleasestop uses the recipes "
            "that came with it."
        ) from None


def _read_manifest(address: str) -> dict[str, RegistryEntry]:
    """Read a manifest without trusting anything in it: the site may belong to anybody."""
    try:
        manifest = json.loads(_fetch(address))
        if manifest["schema"] != 1:
            raise PleaseStopError(
                f"{address}: has schema {manifest['schema']!r}, but this program reads schema 1; update pleasestop."
            )
        return {item["name"]: _read_entry(item) for item in manifest["recipes"]}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise PleaseStopError(
            f"{address}: is not a manifest of recipes ({error!r}); check the address, or report it to the site."
        ) from None


def _read_entry(item: Mapping[str, Any]) -> RegistryEntry:
    name = _match(NAME, item["name"])
    names = {"recipe": f"{name}.py", "tests": f"test_{name}.py"}
    current = {
        file["kind"]: _read_file(_match(re.escape(names[file["kind"]]), file["path"]), file) for file in item["files"]
    }
    releases = {
        Version(_match(VERSION, release["version"])): _read_file(names["recipe"], release)
        for release in item["history"]
    }
    entry = RegistryEntry(name, Version(_match(VERSION, item["version"])), releases, current["tests"])
    if entry.version != max(releases) or entry.newest != current["recipe"]:
        raise ValueError(f"the version or the file of {name} is not that of its newest release")
    return entry


def _read_file(name: str, item: Mapping[str, Any]) -> RegistryFile:
    return RegistryFile(name, _match(URL, item["url"]), _match(SHA256, item["sha256"]))


def _match(form: str, value: str) -> str:
    """Return `value`, or refuse one that might lead out of a folder or a site, such as "../x.py"."""
    if not re.fullmatch(form, value):
        raise ValueError(f"{value!r} is refused")
    return value
