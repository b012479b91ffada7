"""Find the blocks on a page that stand for a snippet, a recipe or a table.

```
/// snippet | wait_on_an_event
highlight: stopping.wait
///
```

The first line says what is shown. The lines before the closing `///` are options in YAML.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from yaml.cyaml import CSafeLoader

from pleasestop.messages import did_you_mean

OPTIONS: Mapping[str, tuple[str, ...]] = {
    "snippet": ("highlight", "show"),
    "recipe": (),
    "promises": (),
    "changes": (),
    "recipes": ("of",),
    "table": ("of",),
}
"""The kinds of blocks, with the options of each."""

PARTS = ("code", "output", "replay", "scale")
"""What a block can show of a snippet."""

_FRONT_MATTER = re.compile(r"\A---\n(.*?)^---\n", re.DOTALL | re.MULTILINE)
_OPEN = re.compile(rf"^(?P<indent>\s*)/// (?P<kind>{'|'.join(OPTIONS)}) \|\s*(?P<name>\S+)\s*$")
_CLOSE = re.compile(r"^\s*///\s*$")


@dataclass(frozen=True)
class Block:
    """One block as written on a page: 0-based first and last line, and why its options cannot be used.

    `shown` says what a block of a snippet shows, `highlights` which texts it highlights.
    """

    kind: str
    name: str
    options: Mapping[str, Any]
    indent: str
    first: int
    last: int
    fault: str = ""

    @property
    def shown(self) -> tuple[str, ...]:
        """The parts that a block of a snippet shows: the program and its output, unless it says otherwise."""
        return _as_texts(self.options.get("show", ["code", "output"]))

    @property
    def highlights(self) -> tuple[str, ...]:
        """The texts whose lines are highlighted."""
        return _as_texts(self.options.get("highlight", []))


def front_matter(text: str) -> tuple[dict[str, Any], str]:
    """Return what the front matter of a page says, {} if there is none, and the text after it."""
    match = _FRONT_MATTER.match(text)
    return (yaml.load(match[1], CSafeLoader), text[match.end() :]) if match else ({}, text)


def place_of(block: Block, path: Path | None, lines: Sequence[str]) -> str:
    """Return `file:line` of a block; the lines in hand may have lost the front matter of the page at `path`."""
    if path is None:
        return f"line {block.first + 1}"
    wanted = lines[block.first]
    places = [place for place, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1) if line == wanted]
    nth = list(lines[: block.first + 1]).count(wanted)
    return f"{path}:{places[nth - 1] if nth <= len(places) else block.first + 1}"


def _as_texts(value: object) -> tuple[str, ...]:
    return tuple(str(item) for item in (value if isinstance(value, list) else [value]))


def find(lines: Iterable[str]) -> list[Block]:
    """Return the blocks in a page's lines; fenced code is passed over."""
    found: list[Block] = []
    fence: str | None = None
    opened: tuple[re.Match[str], int] | None = None
    body: list[str] = []

    def close(last: int, fault: str = "") -> None:
        assert opened is not None
        match, first = opened
        options, bad = _options(body, OPTIONS[match["kind"]])
        found.append(Block(match["kind"], match["name"], options, match["indent"], first, last, fault or bad))

    for number, line in enumerate(lines):
        if opened is None:
            ticks = re.match(r"^\s*(`{3,}|~{3,})", line)
            if ticks and fence is None:
                fence = ticks[1]
            elif ticks and fence is not None and ticks[1].startswith(fence) and not line.strip().strip("`~"):
                fence = None
            elif fence is None and (match := _OPEN.match(line)):
                opened, body = (match, number), []
        elif _CLOSE.match(line):
            close(number)
            opened = None
        elif _OPEN.match(line) or not line.strip():
            body.clear()
            close(number - 1, "this block does not close; end it with a line `///`.")
            match = _OPEN.match(line)
            opened, body = (match, number) if match else None, []
        else:
            body.append(line)
    if opened is not None:
        first, body = opened[1], []
        close(first + len(body), "this block does not close; end it with a line `///`.")
    return found


def _options(body: list[str], known: tuple[str, ...]) -> tuple[dict[str, Any], str]:
    """Return the options of a block, and what is wrong with them ("" if nothing is)."""
    try:
        options = yaml.load("\n".join(body), CSafeLoader) or {}
    except yaml.YAMLError as error:
        problem = getattr(error, "problem", None) or "not YAML"
        return {}, f"the options cannot be read ({problem}); write `name: value`, one on a line."
    if not isinstance(options, dict):
        return {}, "write options as `name: value`, one on a line."
    for name in options:
        if name not in known:
            return {}, f"unknown option `{name}`; {did_you_mean(str(name), known)}"
    if not set(_as_texts(options.get("show", ["code"]))) <= set(PARTS) or options.get("show") == []:
        return {}, f"`show` takes some of: {', '.join(PARTS)}."
    return options, ""
