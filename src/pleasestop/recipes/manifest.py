"""Write the manifest of the recipes that a site publishes, and its JSON Schema.

Only publishing needs this module, and with it msgspec; `pleasestop.recipes.registry` reads a manifest without it.
"""

import json
from collections.abc import Iterable
from datetime import date
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from pleasestop.recipes import registry
from pleasestop.recipes.model import NAME, Recipe
from pleasestop.recipes.registry import RegistryFile
from pleasestop.recipes.releases import VERSION

Text = Annotated[str, Meta(min_length=1)]
VersionNumber = Annotated[str, Meta(pattern=f"^{VERSION}$")]
Sha256 = Annotated[
    str, Meta(pattern=f"^{registry.SHA256}$", description="Of the file's bytes, which are UTF-8 with line feeds.")
]
Url = Annotated[
    str, Meta(pattern=f"^{registry.URL}$", description="Relative to the site's root, where the manifest is.")
]


class File(Struct, forbid_unknown_fields=True):
    """A file of the newest release."""

    path: Annotated[str, Meta(pattern=rf"^{NAME}\.py$", description="The name of the copy.")]
    url: Url
    sha256: Sha256
    kind: Literal["recipe", "tests"]


class HistoryItem(Struct, forbid_unknown_fields=True):
    """A release. The file at its URL never changes."""

    version: VersionNumber
    date: date
    note: Text
    sha256: Sha256
    url: Url


class ManifestRecipe(Struct, forbid_unknown_fields=True):
    """A recipe with all its releases."""

    name: Annotated[str, Meta(pattern=f"^{NAME}$")]
    version: Annotated[VersionNumber, Meta(description="The newest version.")]
    title: Text
    floor: Annotated[str, Meta(pattern=r"^3\.[0-9]+$", description="The oldest Python that it supports.")]
    dependencies: Annotated[list[str], Meta(description="As in PEP 508.")]
    files: Annotated[list[File], Meta(min_length=2, max_length=2)]
    history: Annotated[list[HistoryItem], Meta(min_length=1, description="Newest first.")]


class Manifest(Struct, forbid_unknown_fields=True):
    """The recipes that a site offers, every version of each, and where their files are."""

    schema: Literal[1]
    recipes: list[ManifestRecipe]


def manifest(recipes: Iterable[Recipe]) -> str:
    """Return the text of `recipes.json`, which lists the recipes that have a release."""
    content = Manifest(1, [_describe(recipe) for recipe in recipes if recipe.releases])
    return msgspec.json.format(msgspec.json.encode(content), indent=1).decode() + "\n"


def _describe(recipe: Recipe) -> ManifestRecipe:
    entry = registry.describe(recipe)

    def file(described: RegistryFile, kind: Literal["recipe", "tests"]) -> File:
        return File(described.name, described.url, described.sha256, kind)

    return ManifestRecipe(
        name=recipe.name,
        version=str(entry.version),
        title=recipe.title,
        floor=recipe.floor,
        dependencies=list(recipe.dependencies),
        files=[file(entry.newest, "recipe"), file(entry.tests, "tests")],
        history=[
            HistoryItem(
                version=str(release.version),
                date=date.fromisoformat(release.date),
                note=release.note,
                sha256=release.sha256,
                url=entry.releases[release.version].url,
            )
            for release in recipe.releases
        ],
    )


def schema() -> str:
    """Return the text of `recipes.schema.json`, the JSON Schema of the manifest."""
    content = {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(Manifest)}
    return json.dumps(content, indent=2) + "\n"
