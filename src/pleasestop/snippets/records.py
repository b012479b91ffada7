"""What proving saw: one file for each interpreter and system.

`records/cpython-3.14-linux.json` holds, for each snippet, the last proof on that minor version.
To merge the proofs of two machines, copy the files.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

import msgspec
from packaging.version import Version

from pleasestop.files import atomic_write
from pleasestop.messages import PleaseStopError
from pleasestop.snippets.interpreters import Interpreter
from pleasestop.snippets.model import SYSTEM_NAMES, Snippet, System
from pleasestop.snippets.output import variant_name

Outcome = Literal["as approved", "another approved output", "not supported", "does something else", "differs"]
"""What was seen. CPython `differs` from what was approved for it, which is a fault. What a variant does is recorded,
and it differs only from an output that was approved for the variant."""


class Proof(msgspec.Struct, frozen=True, array_like=True, omit_defaults=True):
    """What was seen of one snippet on one interpreter; a JSON array in the file, to keep it short.

    `hash` stands for the program, its expectation and the approved output; `version` is the
    full version; `deviations` says how many of the `runs` did something else than approved;
    `date` is a day (UTC, ISO 8601).
    """

    hash: str
    version: str
    runs: int
    outcome: Outcome
    date: str
    deviations: int = 0

    @property
    def holds(self) -> bool:
        """Whether the snippet did as approved; False where it is not supported."""
        return self.outcome in ("as approved", "another approved output")


class Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The content of one file: an interpreter's minor version on a system, and its proofs by snippet."""

    format: Literal[1]
    implementation: str
    minor: str
    system: System
    proofs: dict[str, Proof]
    loop: str = ""

    @property
    def name(self) -> str:
        """The name of the file."""
        loop = f"-{self.loop}" if self.loop else ""
        return f"{self.implementation.lower()}-{self.minor}-{self.system}{loop}.json"

    @property
    def variant(self) -> str:
        """The variant that it is of, as `Interpreter.variant`."""
        return variant_name(self.implementation, self.loop)

    @property
    def label(self) -> str:
        """The version or variant for a reader, such as "3.14", "PyPy 3.9" or "uvloop"."""
        return self.loop or (self.minor if not self.variant else f"{self.implementation} {self.minor}")

    @property
    def order(self) -> tuple[str, int, bool]:
        """A key that sorts records by system, then by version."""
        number = int(self.minor.partition(".")[2].rstrip("t"))
        return self.system, number, self.minor.endswith("t")


def schema() -> str:
    """Return the JSON Schema of a record."""
    return json.dumps(msgspec.json.schema(Record), indent=1) + "\n"


@dataclass(frozen=True)
class Proved:
    """A proof with the interpreter and system that it was made on."""

    record: Record
    proof: Proof

    @property
    def label(self) -> str:
        """The interpreter for a reader, such as "CPython 3.14.8 free-threaded" or "CPython 3.14.8 with uvloop"."""
        threads = " free-threaded" if self.record.minor.endswith("t") else ""
        loop = f" with {self.record.loop}" if self.record.loop else ""
        return f"{self.record.implementation} {self.proof.version}{threads}{loop}"

    @property
    def system_name(self) -> str:
        """The system for a reader."""
        return SYSTEM_NAMES[self.record.system]


class Records:
    """All records of a project."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @cached_property
    def by_name(self) -> dict[str, Record]:
        """The records by the names of their files, the newest Python first, and variants last.

        Raises `PleaseStopError` for a file that `prove` cannot have written.
        """
        found = {}
        for path in sorted(self.folder.glob("*.json")):
            record = _read(path)
            if record.name != path.name:
                raise PleaseStopError(f"{path}: says that it is {record.name}; rename it, or delete it.")
            found[path.name] = record
        newest_first = sorted(found.items(), key=lambda item: item[1].order, reverse=True)
        return dict(sorted(newest_first, key=lambda item: item[1].variant))

    def fresh(self, snippet: Snippet) -> list[Proved]:
        """Return the proofs of the snippet as it is now, the newest Python first, and variants last."""
        found = []
        for record in self.by_name.values():
            proof = record.proofs.get(snippet.name)
            if proof is not None and proof.hash == state(snippet, Version(proof.version), record.variant):
                found.append(Proved(record, proof))
        return found

    def of(self, interpreter: Interpreter) -> Record:
        """Return the record of an interpreter, an empty one if there is none."""
        empty = Record(1, interpreter.implementation, interpreter.minor, interpreter.system, {}, interpreter.loop)
        return self.by_name.get(empty.name, empty)

    def add(self, interpreter: Interpreter, proofs: Mapping[str, Proof], known: Iterable[str]) -> Path:
        """Put proofs into the file of an interpreter, in place of older ones; return its path.

        Proofs of snippets that are not `known` any more are dropped. The file is read again
        first, because another process may have written to it.
        """
        path = self.folder / self.of(interpreter).name
        record = _read(path) if path.exists() else self.of(interpreter)
        kept = {name: proof for name, proof in {**record.proofs, **proofs}.items() if name in set(known)}
        record = msgspec.structs.replace(record, proofs=dict(sorted(kept.items())))
        self.folder.mkdir(parents=True, exist_ok=True)
        atomic_write(path, _dump(record))
        self.__dict__.pop("by_name", None)
        return path


def _read(path: Path) -> Record:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Record)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise PleaseStopError(
            f"{path}: this is not a record ({error}); restore it, or delete it and run: python dev.py prove"
        ) from None


def _dump(record: Record) -> str:
    """Return the text of a record, one line for each snippet, so that a change can be read."""
    names = ("format", "implementation", "minor", "system", *(["loop"] if record.loop else []))
    head = {name: getattr(record, name) for name in names}
    rows = ",\n".join(
        f"{json.dumps(name)}: {json.dumps(msgspec.to_builtins(one))}" for name, one in record.proofs.items()
    )
    return json.dumps(head)[:-1] + f', "proofs": {{\n{rows}\n}}}}\n'


def state(snippet: Snippet, version: Version, variant: str = "") -> str:
    """Hash what a proof on `version` is about: the program, what is expected of it, and the approved output."""
    approved = snippet.approved_for(version, variant)
    expectation = msgspec.json.encode(snippet.expectation, order="deterministic").decode()
    parts = [snippet.fingerprint, expectation, *(approved.output.rows() if approved else ["none"])]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]
