"""Read the PEP 723 block at the top of a program."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, cast

from pleasestop.messages import PleaseStopError, did_you_mean

# The form of the block is fixed by PEP 723 ("Inline script metadata").
BLOCK = re.compile(r"^# /// (?P<type>[a-zA-Z0-9-]+)\n(?P<content>(?:^#(?: .*)?\n)+?)^# ///\n", re.MULTILINE)


def read(path: Path, text: str) -> dict[str, Any]:
    """Return the `script` block of a program as a dict, empty if there is no block.

    Raises `PleaseStopError` for a block that does not close, is not TOML, occurs twice, or
    holds a key that this project does not read.
    """
    blocks = [match for match in BLOCK.finditer(text) if match["type"] == "script"]
    if len(blocks) > 1:
        raise PleaseStopError(f"{path}: more than one `# /// script` block; keep one.")
    if not blocks:
        if opening := re.search(r"^# /// script", text, re.MULTILINE):
            raise PleaseStopError(
                f"{path}:{line_at(text, opening.start())}: the `# /// script` block does not close; every line of it "
                "begins with `# ` and a line `# ///` ends it."
            )
        return {}
    content = "".join(line[2:] or "\n" for line in blocks[0]["content"].splitlines(keepends=True))
    first = line_at(text, blocks[0].start())
    try:
        data = tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        within = re.search(r"at line (\d+)", str(error))
        line = first + int(within[1]) if within else first
        what = re.sub(r" \(at .*\)", "", str(error))
        raise PleaseStopError(f"{path}:{line}: the `# /// script` block is not TOML ({what}); fix that line.") from None
    refuse_unknown(f"{path}:{first}", data, ("requires-python", "dependencies", "tool"), "the script block")
    refuse_unknown(f"{path}:{first}", data.get("tool", {}), ("pleasestop",), "[tool]")
    return data


def line_at(text: str, offset: int) -> int:
    """Return the 1-based line of a text that holds the character at `offset`."""
    return text.count("\n", 0, offset) + 1


def refuse_unknown(place: str, table: Mapping[str, Any], keys: Iterable[str], where: str) -> None:
    """Raise `PleaseStopError` for a key of `table` that is not in `keys`, with the nearest known key."""
    keys = list(keys)
    for key in table:
        if key not in keys:
            raise PleaseStopError(f"{place}: unknown key `{key}` in {where}; {did_you_mean(key, keys)}")


def dependencies(path: Path, block: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the PEP 508 requirements of a script block; raises `PleaseStopError` if they are not a list of strings."""
    value = block.get("dependencies", [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise PleaseStopError(f"{path}: `dependencies` is a list of strings.")
    return tuple(cast(list[str], value))
