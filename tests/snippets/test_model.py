"""How versions are written for a reader."""

import pytest
from packaging.specifiers import SpecifierSet

from pleasestop.snippets.model import describe_range, minor_ranges


@pytest.mark.parametrize(
    ("minors", "text"),
    [
        (["3.8", "3.10", "3.9", "3.12"], "3.8 to 3.10, 3.12"),
        (["3.15"], "3.15"),
        (["3.14t", "3.14", "3.15"], "3.14 to 3.15, 3.14t"),
        ([], ""),
    ],
)
def test_minor_versions_are_ranges(minors: list[str], text: str) -> None:
    assert minor_ranges(minors) == text
    assert minor_ranges(minor for minor in minors) == text, "of a generator, too"


@pytest.mark.parametrize(
    ("specifier", "text"),
    [(">=3.11", "3.11 or newer"), ("", ""), (">=3.9,<3.13", ">=3.9, <3.13"), ("<3.13,>=3.9", ">=3.9, <3.13")],
)
def test_a_range_reads_from_old_to_new(specifier: str, text: str) -> None:
    assert describe_range(SpecifierSet(specifier)) == text
