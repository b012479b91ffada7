"""Write the Atom feed of the releases."""

import uuid
from collections.abc import Iterable
from xml.etree import ElementTree

from pleasestop.recipes.model import Recipe

FEED = "recipes/feed.xml"
"""The URL of the feed, relative to the site's root."""


def feed(recipes: Iterable[Recipe], name: str, address: str) -> str:
    """Return an Atom feed (RFC 4287) of all releases, newest first.

    `name` is the name of the site, `address` its URL with a slash at the end, or "" if it is not known.
    """
    releases = [(release, recipe) for recipe in recipes for release in recipe.releases]
    releases.sort(key=lambda pair: pair[0].date, reverse=True)
    root = ElementTree.Element("feed", xmlns="http://www.w3.org/2005/Atom")
    _describe(root, f"{name}: recipes, what changed", FEED, releases[0][0].date if releases else "2026-01-01")
    ElementTree.SubElement(root, "link", rel="self", href=address + FEED)
    ElementTree.SubElement(ElementTree.SubElement(root, "author"), "name").text = name
    for release, recipe in releases:
        entry = ElementTree.SubElement(root, "entry")
        _describe(entry, f"{recipe.name} {release.version}", f"{recipe.page}{release.version}", release.date)
        ElementTree.SubElement(entry, "link", href=address + recipe.page if address else f"../{recipe.page}")
        ElementTree.SubElement(entry, "summary").text = f"{recipe.title} {release.note}"
    ElementTree.indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ElementTree.tostring(root, encoding="unicode")}\n'


def _describe(element: ElementTree.Element, title: str, key: str, day: str) -> None:
    """Add title, id and day; the id depends on `key` alone, so it stays when the site moves."""
    ElementTree.SubElement(element, "title").text = title
    ElementTree.SubElement(element, "id").text = f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'please-stop/{key}')}"
    ElementTree.SubElement(element, "updated").text = f"{day}T00:00:00Z"
