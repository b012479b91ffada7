"""What a snippet is: a program, its claim, and what is expected of its run."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal, get_args

import msgspec
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from pleasestop.snippets.output import ApprovedOutput

MAX_TIMEOUT = 10.0
"""Seconds after which a run is stopped, unless its snippet asks for less."""

Wrong = Literal["hangs", "leaks", "fails", "misleads"]
Leftover = Literal["process", "thread"]
System = Literal["linux", "macos", "windows"]

WRONGS: Mapping[Wrong, str] = {
    "hangs": "is still running at its time limit",
    "leaks": "leaves something running",
    "fails": "ends with an error",
    "misleads": "does something else than it seems to do",
}
"""The ways in which a wrong example can go wrong, each with what must be seen."""

SYSTEM_NAMES: Mapping[System, str] = {"linux": "Linux", "macos": "macOS", "windows": "Windows"}
"""How a page writes the operating systems."""

_Text = Annotated[str, msgspec.Meta(min_length=1)]


class Expectation(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What is expected of a run: the `[tool.pleasestop]` table of a snippet.

    `timeout` is in seconds; for a snippet that hangs it is the time without output after
    which the hang is believed. `masked` holds regular expressions: what they match may vary.
    `exit` is the exit status, negative for a signal as in `subprocess`. `wrong` says how a
    wrong example must go wrong, `seen` is a text that the output must hold, `leaves` what the
    program leaves running when that is its claim. `browser` names what the program needs
    that a browser does not have, where its imports and calls do not show it.
    """

    timeout: Annotated[float, msgspec.Meta(gt=0, le=MAX_TIMEOUT)] = MAX_TIMEOUT
    masked: tuple[str, ...] = ()
    exit: int = 0
    wrong: Wrong | None = None
    seen: _Text | None = None
    leaves: frozenset[Leftover] = frozenset()
    platforms: frozenset[System] = frozenset(get_args(System))
    browser: _Text | None = None

    def __post_init__(self) -> None:
        """Raise ValueError for a regular expression that cannot be compiled and for keys that need each other."""
        for pattern in self.masked:
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(f"`masked` holds a bad regular expression, {pattern!r}: {error}") from None
        if self.wrong == "misleads" and self.seen is None:
            raise ValueError('`wrong = "misleads"` needs `seen`, the text that proves it')
        if self.wrong == "leaks" and not self.leaves:
            raise ValueError('`wrong = "leaks"` needs `leaves`, such as ["process"]')
        if self.wrong == "fails" and self.exit == 0:
            raise ValueError('`wrong = "fails"` needs `exit`, the status that it ends with')

    @property
    def patterns(self) -> list[re.Pattern[str]]:
        """The `masked` regular expressions, compiled."""
        return [re.compile(pattern) for pattern in self.masked]


@dataclass(frozen=True)
class Snippet:
    """One program that a page shows, and what its file says about it.

    `folder` is the path of the page below `docs/`, with underscores and without the suffix.
    `program` is what the page shows: the file without docstring and metadata. `lines` maps
    the 1-based lines of the file to the 0-based lines of `program`. `modules` are the modules
    beside it that it imports, directly or not. `fingerprint` changes when the program, one of
    these modules or a required package changes, and not when a docstring does.
    `lock` is the file that pins its `dependencies`. `approved` holds the approved outputs, the
    newest version first, those of variants last.
    """

    name: str
    path: Path
    folder: str
    claim: str
    program: str
    text: str
    lines: Mapping[int, int]
    requires_python: SpecifierSet
    dependencies: tuple[str, ...]
    lock: Path
    expectation: Expectation
    modules: tuple[Path, ...]
    fingerprint: str
    approved: tuple[ApprovedOutput, ...] = ()

    @cached_property
    def page(self) -> str:
        """The page that the snippet belongs to, as a path below `docs/`."""
        return f"{self.folder.replace('_', '-')}.md"

    @property
    def current(self) -> tuple[ApprovedOutput, ...]:
        """The approved outputs that the program as it is now printed, in the order of `approved`."""
        return tuple(approved for approved in self.approved if approved.fingerprint == self.fingerprint)

    @property
    def requirements(self) -> str:
        """What it needs to run, such as "Python >=3.11 and anyio==4.16.0"."""
        return " and ".join([f"Python {self.requires_python or 'any'}", *self.dependencies])

    @property
    def by_version(self) -> tuple[ApprovedOutput, ...]:
        """The approved outputs of CPython, the newest version first."""
        return tuple(one for one in self.approved if not one.variant)

    def approved_for(self, version: Version, variant: str = "") -> ApprovedOutput | None:
        """Return the approved output that a run is compared with, or None.

        A variant without an output of its own is compared with CPython's of its version.
        """
        own = [one for one in self.approved if variant and one.variant == variant]
        fitting = [one for one in self.by_version if one.up_to is None or version.release[:2] <= one.up_to.release[:2]]
        return next(iter(own or fitting[-1:]), None)

    def output_path(self, up_to: Version | None, variant: str = "") -> Path:
        """Return the path of the output for versions up to `up_to` (None: the newest), or of a variant."""
        middle = f".{variant.lower()}" if variant else "" if up_to is None else f".{up_to}"
        return self.path.with_name(f"{self.name}{middle}.out")

    def versions(self, approved: ApprovedOutput) -> str:
        """Return the versions that an approved output is for, such as "3.9 to 3.11"; or "PyPy"."""
        if approved.variant:
            return approved.variant
        position = self.by_version.index(approved)
        older = self.by_version[position + 1].up_to if position + 1 < len(self.by_version) else None
        if approved.up_to is None:
            return "3.8 and newer" if older is None else f"3.{older.minor + 1} and newer"
        if older is None:
            return f"{approved.up_to} and older"
        first = f"3.{older.minor + 1}"
        return first if older.minor + 1 == approved.up_to.minor else f"{first} to {approved.up_to}"

    def supports(self, version: Version, system: System) -> bool:
        """Return whether the snippet says that it runs on this version and system.

        A prerelease counts as its release: `>=3.15` admits 3.15.0rc1.
        """
        return self.requires_python.contains(Version(version.base_version)) and system in self.expectation.platforms


def describe_range(requires: SpecifierSet) -> str:
    """Return a `requires-python` for a reader, such as "3.11 or newer"; "" if it admits every version."""
    parts = sorted(str(part) for part in requires)
    if len(parts) == 1 and parts[0].startswith(">="):
        return f"{parts[0].removeprefix('>=')} or newer"
    return ", ".join(reversed(parts))


def minor_ranges(minors: Iterable[str]) -> str:
    """Collapse minor versions into ranges: 3.8, 3.9, 3.10 and 3.12 become "3.8 to 3.10, 3.12".

    Free-threaded builds ("3.14t") follow the others.
    """
    known = set(minors)
    ranges: list[list[int]] = []
    for number in sorted(int(minor.partition(".")[2]) for minor in known if not minor.endswith("t")):
        if ranges and ranges[-1][-1] == number - 1:
            ranges[-1].append(number)
        else:
            ranges.append([number])
    parts = [f"3.{group[0]}" if len(group) == 1 else f"3.{group[0]} to 3.{group[-1]}" for group in ranges]
    return ", ".join([*parts, *sorted(minor for minor in known if minor.endswith("t"))])
