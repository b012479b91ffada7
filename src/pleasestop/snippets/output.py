"""What a program printed, and the file format of an approved output.

An approved output is a text file. A line without a mark is a line that the program wrote to
stdout. A mark at the start of a line makes it something else:

```
python| CPython 3.14.8 on Linux       the interpreter that printed it (the first line)
program| 0f3a9c7b12de                 the fingerprint of the program that was run
stderr| Traceback (most recent call last):
stdout| exit| 3                       a line of stdout that looks as if it had a mark
exit| 1                               the exit status, if it is not 0
stopped| it was still running         in place of `exit|` for a program that had to be stopped
```

A line of stdout that begins like a mark is written with the mark `stdout|`, so no two outputs
share one file.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from packaging.version import Version

Stream = Literal["stdout", "stderr"]

CPYTHON, PYPY = "CPython", "PyPy"


def variant_name(implementation: str, loop: str) -> str:
    """Return what a Python is besides CPython with its own event loop, such as "PyPy"; "" for that."""
    return loop or ("" if implementation == CPYTHON else implementation)


MASK = "…"
STOPPED = "stopped| it was still running"

_MARK = re.compile(r"^(?P<key>python|program|stdout|stderr|exit|stopped)\| ?(?P<rest>.*)$", re.DOTALL)


@dataclass(frozen=True)
class Line:
    """One line of output, without its line feed, and the stream that it was written to."""

    stream: Stream
    text: str

    def marked(self) -> str:
        """Return the line as an approved output holds it."""
        if self.stream == "stderr":
            return f"stderr| {self.text}".rstrip()
        return f"stdout| {self.text}" if _MARK.match(self.text) else self.text


@dataclass(frozen=True)
class Output:
    """What a program printed and how it ended, as a page shows it.

    `exit` is the exit status (negative for a signal), None for a program that had to be
    stopped. `python` is the label of the interpreter. Tracebacks have no frames, and paths
    of Python files are reduced to names, because both belong to one machine.
    """

    python: str
    lines: tuple[Line, ...]
    exit: int | None

    @property
    def end(self) -> str | None:
        """How the program ended, in words; None for exit status 0."""
        if self.exit is None:
            return "still running: stopped from outside"
        return None if self.exit == 0 else f"exit status {self.exit}"

    def rows(self) -> list[str]:
        """Return the output as marked lines, without the interpreter."""
        rows = [line.marked() for line in self.lines]
        if self.exit is None:
            return [*rows, STOPPED]
        return rows if self.exit == 0 else [*rows, f"exit| {self.exit}"]

    def compared(self, masked: Sequence[re.Pattern[str]]) -> list[str]:
        """Return the rows that count in a comparison: what a `masked` pattern matches is hidden."""
        rows = self.rows()
        for pattern in masked:
            rows = [pattern.sub(MASK, row) for row in rows]
        return rows


@dataclass(frozen=True)
class ApprovedOutput:
    """An output that a person approved, and where it is kept.

    `up_to` is the newest minor version of CPython that it is for; None for all versions newer
    than those of the other approved outputs. An output of a variant is for all its versions;
    `variant` is "" for CPython. `fingerprint` names the program that printed it.
    """

    path: Path
    up_to: Version | None
    output: Output
    fingerprint: str
    variant: str = ""


def dump(output: Output, fingerprint: str) -> str:
    """Return the text of an approved output file."""
    return "\n".join([f"python| {output.python}", f"program| {fingerprint}", *output.rows()]) + "\n"


def parse(text: str) -> tuple[Output, str]:
    """Read the text of an approved output file: the output, and the fingerprint of its program.

    Raises `ValueError` where the first two lines do not name the interpreter and the program.
    """
    head, rows = (rows := text.removesuffix("\n").split("\n"))[:2], rows[2:]
    python, program = (_MARK.match(row) for row in [*head, ""][:2])
    if python is None or python["key"] != "python" or program is None or program["key"] != "program":
        raise ValueError("its first two lines must be `python| ` and `program| `, as approving writes them")
    lines: list[Line] = []
    status: int | None = 0
    for row in rows:
        mark = _MARK.match(row)
        if mark is None:
            lines.append(Line("stdout", row))
        elif mark["key"] in ("stdout", "stderr"):
            lines.append(Line("stderr" if mark["key"] == "stderr" else "stdout", mark["rest"]))
        elif mark["key"] == "stopped":
            status = None
        elif mark["key"] == "exit" and re.fullmatch(r"-?\d+", mark["rest"]):
            status = int(mark["rest"])
        else:
            raise ValueError(f"the line `{row}` has no meaning there")
    return Output(python["rest"], tuple(lines), status), program["rest"]
