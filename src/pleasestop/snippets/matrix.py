"""Prove snippets: run each on every Python, many times and under load, and record what was seen."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from pleasestop.snippets import compare, runner
from pleasestop.snippets.cache import job
from pleasestop.snippets.environments import obstacle
from pleasestop.snippets.interpreters import Interpreter
from pleasestop.snippets.model import Snippet
from pleasestop.snippets.records import Outcome, Proof, Records, state
from pleasestop.snippets.runner import Run

_ASYNCIO = re.compile(r"^\s*(?:import|from) asyncio\b", re.MULTILINE)

PATIENCE = 3
"""How many times its limit a program may take under load: the limit finds programs that hang."""


@dataclass(frozen=True)
class Wanted:
    """A snippet to prove on an interpreter, and its state before it is run."""

    snippet: Snippet
    interpreter: Interpreter
    state: str


def uses_asyncio(snippet: Snippet) -> bool:
    """Return whether a program imports asyncio, so that another event loop can say something about it."""
    return _ASYNCIO.search(snippet.program) is not None


def want(snippets: Iterable[Snippet], interpreters: Sequence[Interpreter]) -> list[Wanted]:
    """Return each snippet with each interpreter that can say something about it.

    An interpreter says nothing about a snippet whose packages cannot be installed for it, nor
    where no output of the program as it is now was approved for that version. Another event
    loop says nothing about a program without asyncio.
    """

    def can_say(snippet: Snippet, interpreter: Interpreter) -> bool:
        if interpreter.loop and not uses_asyncio(snippet):
            return False
        if not snippet.supports(interpreter.version, interpreter.system):
            return True
        approved = snippet.approved_for(interpreter.version, interpreter.variant)
        return approved in snippet.current and not obstacle(snippet, interpreter)

    return [
        Wanted(snippet, interpreter, state(snippet, interpreter.version, interpreter.variant))
        for snippet in snippets
        for interpreter in interpreters
        if can_say(snippet, interpreter)
    ]


def stale(snippets: Iterable[Snippet], interpreters: Sequence[Interpreter], records: Records) -> list[Wanted]:
    """Return the pairs that have no proof, a proof of an older state, or a proof that deviated."""

    def is_stale(one: Wanted) -> bool:
        proof = records.of(one.interpreter).proofs.get(one.snippet.name)
        return proof is None or proof.hash != one.state or proof.outcome == "differs"

    return [one for one in want(snippets, interpreters) if is_stale(one)]


def prove(
    wanted: Sequence[Wanted],
    records: Records,
    known: Iterable[str],
    *,
    runs: int,
    at_once: int,
    ended: Callable[[Wanted, Run, list[str]], None],
) -> list[Proof]:
    """Run each wanted pair `runs` times, `at_once` at a time; record and return the proofs.

    `ended` is called after every run with its problems, unless a variant has no approved
    output of its own. An interruption keeps all pairs that were complete.
    """
    proofs: dict[Interpreter, dict[str, Proof]] = defaultdict(dict)
    left = Counter(dict.fromkeys(range(len(wanted)), runs))
    deviations: Counter[int] = Counter()
    running = []
    for index, one in enumerate(wanted):
        if one.interpreter.admits(one.snippet):
            running += [index] * runs
        else:
            proofs[one.interpreter][one.snippet.name] = _proof(one, 0, 0)

    def done(position: int, run: Run) -> None:
        index = running[position]
        one = wanted[index]
        problems = compare.problems(one.snippet, run)
        deviations[index] += bool(problems)
        ended(one, run, problems if _is_compared(one) else [])
        left[index] -= 1
        if not left[index]:
            proofs[one.interpreter][one.snippet.name] = _proof(one, runs, deviations[index])

    jobs = [job(wanted[index].snippet, wanted[index].interpreter) for index in running]
    try:
        runner.run_all([replace(one, limit=PATIENCE * one.limit) for one in jobs], at_once, done)
    finally:
        for interpreter, made in proofs.items():
            records.add(interpreter, made, known)
    return [proof for made in proofs.values() for proof in made.values()]


def _is_compared(one: Wanted) -> bool:
    """Return whether a deviation is a fault: of a variant only what was approved for it is expected."""
    approved = one.snippet.approved_for(one.interpreter.version, one.interpreter.variant)
    return approved is None or approved.variant == one.interpreter.variant


def _proof(one: Wanted, runs: int, deviations: int) -> Proof:
    approved = one.snippet.approved_for(one.interpreter.version, one.interpreter.variant)
    outcome: Outcome
    if not runs:
        outcome = "not supported"
    elif deviations or approved is None:
        outcome = "differs" if _is_compared(one) else "does something else"
    else:
        outcome = "as approved" if approved == one.snippet.approved[0] else "another approved output"
    return Proof(
        hash=one.state,  # a file that was changed during the run must not count as proved
        version=str(one.interpreter.version),
        runs=runs,
        outcome=outcome,
        date=datetime.now(UTC).date().isoformat(),
        deviations=deviations,
    )
