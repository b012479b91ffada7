"""The Atom feed: what feed readers have seen must not appear as new."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from pleasestop.recipes import model
from pleasestop.recipes.feed import feed
from recipes.conftest import release

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.mark.parametrize("address", ["https://host/", ""])
def test_feed_lists_releases_with_stable_ids(folder: Path, address: str) -> None:
    release(folder, "1.0.0", "1.1.0")
    root = ElementTree.fromstring(feed([model.read(folder)], "Site", address).encode())
    assert root.findtext(f"{ATOM}id") == "urn:uuid:09a24de5-e78d-5c01-873b-4e51e44a539e"
    assert root.findtext(f"{ATOM}updated") == "2026-01-01T00:00:00Z"
    entries = root.findall(f"{ATOM}entry")
    assert [tuple(entry.findtext(ATOM + tag) for tag in ("title", "id", "summary")) for entry in entries] == [
        ("greet 1.1.0", "urn:uuid:beee9997-e0b6-5dce-90b1-5661fe1be717", "Say greet. This is 1.1.0."),
        ("greet 1.0.0", "urn:uuid:53e4cc1b-e175-5c18-b510-2eb1b8e5aaf0", "Say greet. This is 1.0.0."),
    ]
    links = {link.attrib["href"] for link in root.iter(f"{ATOM}link")}
    assert links == {f"{address}recipes/feed.xml", f"{address or '../'}recipes/greet/"}


def test_feed_without_a_release_is_valid(folder: Path) -> None:
    root = ElementTree.fromstring(feed([model.read(folder)], "Site", "").encode())
    assert root.findtext(f"{ATOM}updated") == "2026-01-01T00:00:00Z"
    assert root.findall(f"{ATOM}entry") == []
