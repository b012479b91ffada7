"""Run every snippet on every Python found, many times, and record what was seen.

The record lies beside its snippet (`NAME.proof.json`) and is written by `prove` only. Pages
show it as a badge; a snippet that has changed since has none.
"""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from packaging.version import Version

from pleasestop import contract, runner, watching
from pleasestop.catalog import Snippet
from pleasestop.check import job, sources, write_whole
from pleasestop.errors import PleaseStopError
from pleasestop.pythons import Python
from pleasestop.runner import Run
from pleasestop.watching import Moment

WATCHES = 5
"""Watched runs of a snippet, of which the most usual is kept."""

Outcome = Literal["as approved", "another approved output", "not supported", "differs"]


@dataclass(frozen=True)
class Proof:
    """What was seen of one snippet on one Python.

    `version` is the full version; `output` the name of the approved file that it was judged
    by ("" where the snippet is not for this Python); `deviations` how many of the `runs`
    printed or did other than approved; `date` a day (UTC, ISO 8601); `hash` stands for the
    snippet, the modules beside it that it imports, and that approved output.
    """

    implementation: str
    version: str
    free_threaded: bool
    system: str
    runs: int
    deviations: int
    outcome: Outcome
    output: str
    date: str
    hash: str

    @property
    def slot(self) -> tuple[str, int, int, bool, str]:
        """What a newer proof of the same kind replaces: a minor version on a platform."""
        version = Version(self.version)
        return self.implementation, version.major, version.minor, self.free_threaded, self.system

    @property
    def holds(self) -> bool:
        """Whether the snippet did as approved there; not where it is not supported, or deviated."""
        return self.outcome in ("as approved", "another approved output")

    @property
    def minor(self) -> str:
        """The minor version, such as "3.14", with a "t" for a free-threaded build."""
        version = Version(self.version)
        return f"{version.major}.{version.minor}{'t' if self.free_threaded else ''}"


def slot(python: Python) -> tuple[str, int, int, bool, str]:
    """Return the slot that proofs on `python` are kept in."""
    return python.implementation, python.version.major, python.version.minor, python.free_threaded, python.system


def record_path(snippet: Snippet) -> Path:
    """Return where the record of a snippet lies."""
    return snippet.path.with_suffix(".proof.json")


@dataclass(frozen=True)
class Recording:
    """What one watched run of a snippet told.

    `python` is the interpreter's label, `version` its full version, `hash` as in a proof.
    Without moments where the run has more than a picture can show (`watching.MANY`).
    """

    python: str
    version: str
    hash: str
    moments: tuple[Moment, ...]

    def as_json(self) -> dict[str, Any]:
        """Give it as what JSON can hold."""
        moments = [moment.as_json() for moment in self.moments]
        return {"python": self.python, "version": self.version, "hash": self.hash, "moments": moments}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Recording":
        """Read what `as_json` gave; raises KeyError, TypeError or ValueError for anything else."""
        moments = tuple(Moment.from_json(moment) for moment in data["moments"])
        return cls(data["python"], data["version"], data["hash"], moments)


@dataclass(frozen=True)
class Record:
    """All that was seen of a snippet: its proofs, newest Python first, and a watched run of it."""

    proofs: tuple[Proof, ...] = ()
    recording: Recording | None = None


def read(snippet: Snippet) -> Record:
    """Read a snippet's record, an empty one where there is none.

    Raises `PleaseStopError` where the record was not written by `prove`.
    """
    path = record_path(snippet)
    return _read(path, snippet) if path.exists() else Record()


def _read(path: Path, snippet: Snippet) -> Record:
    """Read the record of a snippet at `path`."""
    remedy = f"records are written by a run only; delete it and run: pleasestop prove --only {snippet.name}"
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        proofs = tuple(Proof(**entry) for entry in data["proofs"])
        watched = data.get("recording")
        record = Record(proofs, None if watched is None else Recording.from_json(watched))
        seal = data["seal"]
    except (ValueError, KeyError, TypeError):
        raise PleaseStopError(f"{path}: this is no record; {remedy}") from None
    if seal != _seal(record):
        raise PleaseStopError(f"{path}: this record was edited; {remedy}")
    return record


def write(snippet: Snippet, record: Record) -> None:
    """Write a snippet's record, whole or not at all."""
    ordered = sorted(
        record.proofs, key=lambda proof: (proof.system, Version(proof.version), proof.free_threaded), reverse=True
    )
    record = Record(tuple(ordered), record.recording)
    proofs = json.dumps([asdict(proof) for proof in ordered], indent=1)
    told = f'{{\n"seal": "{_seal(record)}",\n"proofs": {proofs}'
    if record.recording is not None:
        # A line for each moment, so that a difference can be read.
        about = {**record.recording.as_json(), "moments": None}
        moments = ",\n".join(json.dumps(moment.as_json()) for moment in record.recording.moments)
        told += ',\n"recording": ' + json.dumps(about).replace("null", f"[\n{moments}]")
    write_whole(record_path(snippet), told + "\n}\n")


def _seal(record: Record) -> str:
    """Hash a record's content, so that an edit by hand is found out."""
    content = json.dumps([asdict(proof) for proof in record.proofs], sort_keys=True)
    if record.recording is not None:
        content += json.dumps(record.recording.as_json(), sort_keys=True)
    return hashlib.sha256(f"please stop {content}".encode()).hexdigest()


def state(snippet: Snippet, version: Version) -> str:
    """Hash what a proof on `version` is about."""
    return _state(_programs(snippet), snippet, version)


def _programs(snippet: Snippet) -> bytes:
    """Return the snippet and the local modules that it imports, as they are now."""
    return b"".join(part.read_bytes() + b"\0" for part in sources(snippet.path))


def _state(programs: bytes, snippet: Snippet, version: Version) -> str:
    digest = hashlib.sha256(programs)
    path = snippet.approved_for(version)
    if path is not None:
        # Without its first line: approving the same output on another Python changes nothing.
        digest.update(path.read_bytes().partition(b"\n")[2])
    return digest.hexdigest()[:16]


def fresh(snippet: Snippet) -> list[Proof]:
    """Return the proofs that are about the snippet as it is now, newest Python first."""
    proofs = read(snippet).proofs
    programs = _programs(snippet) if proofs else b""
    return [one for one in proofs if one.hash == _state(programs, snippet, Version(one.version))]


@dataclass(frozen=True)
class Wanted:
    """A snippet to prove on a Python, and the state that it is in before it is run."""

    snippet: Snippet
    python: Python
    state: str


def merge(snippets: Iterable[Snippet], root: Path, folder: Path) -> int:
    """Take newer proofs from a copy of the records under `folder`, laid out as under `root`.

    Returns how many were taken. One is newer by its day; of one day, that in `folder` wins.
    """
    taken = 0
    for snippet in snippets:
        copy = folder / record_path(snippet).relative_to(root)
        if not copy.exists():
            continue
        record = read(snippet)
        proofs = {one.slot: one for one in record.proofs}
        for one in _read(copy, snippet).proofs:
            known = proofs.get(one.slot)
            if known is None or (known != one and known.date <= one.date):
                proofs[one.slot] = one
                taken += 1
        write(snippet, Record(tuple(proofs.values()), record.recording))
    return taken


def want(snippets: Iterable[Snippet], pythons: Sequence[Python]) -> list[Wanted]:
    """Ask for proofs of snippets as they are now.

    A Python without the packages that a snippet needs proves nothing about it, and is left out.
    """
    return [
        Wanted(snippet, python, state(snippet, python.version))
        for snippet in snippets
        for python in pythons
        if python.has(snippet.dependencies) or not python.supports(snippet)
    ]


def stale(snippets: Iterable[Snippet], pythons: Sequence[Python]) -> list[Wanted]:
    """Return what has no proof, or one of something else than what is there now."""
    found = []
    for snippet in snippets:
        known = {proof.slot: proof for proof in read(snippet).proofs}
        for one in want([snippet], pythons):
            proof = known.get(slot(one.python))
            if proof is None or proof.hash != one.state or proof.outcome == "differs":
                found.append(one)
    return found


def prove(
    wanted: Sequence[Wanted],
    runs: int,
    at_once: int,
    ended: Callable[[Wanted, Run, list[str]], None],
) -> list[Proof]:
    """Run each wanted pair `runs` times, `at_once` at a time, and record each as it is complete.

    `ended` is called after every run with its problems. What is interrupted keeps all that was
    complete; no record is half-written.
    """
    proofs: list[Proof] = []
    left = Counter(dict.fromkeys(range(len(wanted)), runs))
    deviations: Counter[int] = Counter()
    for one in wanted:
        if not one.python.admits(one.snippet):
            proofs.append(_record(one, 0, 0))
    running = [index for index, one in enumerate(wanted) if one.python.admits(one.snippet) for _ in range(runs)]

    def done(position: int, run: Run) -> None:
        index = running[position]
        one = wanted[index]
        problems = contract.problems(one.snippet, run)
        deviations[index] += bool(problems)
        ended(one, run, problems)
        left[index] -= 1
        if not left[index]:
            proofs.append(_record(one, runs, deviations[index]))

    runner.run_all([job(wanted[index].snippet, wanted[index].python) for index in running], at_once, done)
    return proofs


def _record(one: Wanted, runs: int, deviations: int) -> Proof:
    """Put one proof into its snippet's record, in the place of an older one."""
    path = one.snippet.approved_for(one.python.version)
    outcome: Outcome
    if not runs:
        outcome = "not supported"
    elif deviations or path is None:
        outcome = "differs"
    else:
        outcome = "as approved" if path == one.snippet.approved_for_newest() else "another approved output"
    proof = Proof(
        implementation=one.python.implementation,
        version=str(one.python.version),
        free_threaded=one.python.free_threaded,
        system=one.python.system,
        runs=runs,
        deviations=deviations,
        outcome=outcome,
        output=path.name if runs and path is not None else "",
        date=datetime.now(UTC).date().isoformat(),
        hash=one.state,  # a file that was changed during the run must not count as proved
    )
    record = read(one.snippet)
    others = [kept for kept in record.proofs if kept.slot != proof.slot]
    write(one.snippet, Record((*others, proof), record.recording))
    return proof


def recording(snippet: Snippet) -> Recording | None:
    """Return the watched run of a snippet as it is now, None where there is none."""
    kept = read(snippet).recording
    return kept if kept is not None and kept.hash == state(snippet, Version(kept.version)) else None


def unwatched(snippets: Iterable[Snippet], pythons: Sequence[Python], again: bool = False) -> list[Wanted]:
    """Return what is to be watched, on the newest Python that can: what was not on such a one, or all `again`."""
    found = []
    for snippet in snippets:
        able = [python for python in pythons if watching.can_watch(python) and python.admits(snippet)]
        newest = max(able, key=lambda python: python.version, default=None)
        kept = recording(snippet)
        if newest is None:
            continue
        if again or kept is None or Version(kept.version).release[:2] < newest.version.release[:2]:
            found += want([snippet], [newest])
    return found


def watch(wanted: Sequence[Wanted], ended: Callable[[Wanted, Run, list[str]], None]) -> int:
    """Watch each wanted snippet `WATCHES` times and record the run that tells what most of them tell.

    Each run must print and do as approved: watching changes nothing. `ended` is called after
    every run with its problems. Returns how many runs deviated; those of a snippet that did are
    not recorded.
    """
    runs: dict[int, list[Run]] = defaultdict(list)
    deviations: Counter[int] = Counter()

    def done(position: int, run: Run) -> None:
        index = position // WATCHES
        problems = contract.problems(wanted[index].snippet, run)
        deviations[index] += bool(problems)
        runs[index].append(run)
        ended(wanted[index], run, problems)
        if len(runs[index]) == WATCHES and not deviations[index]:
            _keep(wanted[index], runs.pop(index))

    jobs = [watching.watched(job(one.snippet, one.python)) for one in wanted for _ in range(WATCHES)]
    # Few at once: a picture of a crowded machine would show its scheduling, not the program.
    runner.run_all(jobs, 2, done)
    return deviations.total()


def _keep(one: Wanted, runs: Sequence[Run]) -> None:
    """Put the most usual of some watched runs into the snippet's record."""
    told = [watching.moments(run) for run in runs]
    stories = Counter(watching.story(moments) for moments in told)
    usual = stories.most_common(1)[0][0]
    moments = next(moments for moments in told if watching.story(moments) == usual)
    python = one.python
    kept = Recording(python.label, str(python.version), one.state, moments if len(moments) <= watching.MANY else ())
    write(one.snippet, Record(read(one.snippet).proofs, kept))


def spans(minors: Iterable[str]) -> str:
    """Collapse minor versions into ranges: 3.8, 3.9, 3.10, 3.12 are "3.8 to 3.10, 3.12".

    Free-threaded builds ("3.14t") are named after the others.
    """
    plain = sorted({int(minor.partition(".")[2]) for minor in minors if not minor.endswith("t")})
    ranges: list[list[int]] = []
    for number in plain:
        if ranges and ranges[-1][-1] == number - 1:
            ranges[-1].append(number)
        else:
            ranges.append([number])
    told = [f"3.{group[0]}" if len(group) == 1 else f"3.{group[0]} to 3.{group[-1]}" for group in ranges]
    return ", ".join([*told, *sorted({minor for minor in minors if minor.endswith("t")})])
