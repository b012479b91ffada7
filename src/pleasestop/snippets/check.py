"""Run the snippets whose runs are stale, take the others from the cache, and judge all of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pleasestop.snippets import compare, runner
from pleasestop.snippets.cache import RunCache, job, run_key
from pleasestop.snippets.environments import obstacle, with_packages
from pleasestop.snippets.interpreters import Interpreter
from pleasestop.snippets.model import Snippet
from pleasestop.snippets.runner import Run

AT_ONCE = 8
"""Programs that run at once, unless a caller says otherwise; a snippet mostly waits."""


@dataclass(frozen=True)
class Result:
    """A snippet, its run (None where it cannot be run here), and what is wrong with it.

    `cached` says that the run was not made now, `obstacle` why there is none.
    """

    snippet: Snippet
    run: Run | None
    problems: tuple[str, ...]
    cached: bool
    obstacle: str = ""

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


def check(
    wanted: Sequence[tuple[Snippet, Interpreter | None]],
    cache: RunCache,
    *,
    at_once: int = AT_ONCE,
    ended: Callable[[Result], None] = lambda _: None,
) -> list[Result]:
    """Judge each snippet on its interpreter and call `ended` as each result comes.

    A run is taken from `cache` where nothing that decides its result has changed. A verdict
    is never cached.
    """
    results: dict[int, Result] = {}
    stale: list[tuple[int, Snippet, Interpreter, str]] = []

    def conclude(index: int, result: Result) -> None:
        results[index] = result
        ended(result)

    for index, (snippet, interpreter) in enumerate(wanted):
        if interpreter is None:
            conclude(index, _without_run(snippet, "no Python was found that runs it"))
            continue
        key = run_key(snippet, interpreter)
        kept = cache.get(key, with_packages(snippet, interpreter))
        if kept is not None:
            conclude(index, Result(snippet, kept, tuple(compare.problems(snippet, kept)), cached=True))
        elif why := obstacle(snippet, interpreter):
            conclude(index, _without_run(snippet, why))
        else:
            stale.append((index, snippet, interpreter, key))

    def finish(position: int, run: Run) -> None:
        index, snippet, _, key = stale[position]
        problems = tuple(compare.problems(snippet, run))
        cache.put(key, run, good=not problems)
        conclude(index, Result(snippet, run, problems, cached=False))

    if stale:
        runner.run_all([job(snippet, interpreter) for _, snippet, interpreter, _ in stale], at_once, finish)
    return [results[index] for index in range(len(wanted))]


def _without_run(snippet: Snippet, why: str) -> Result:
    """Judge a snippet that cannot be run here: it can still be shown if its output was approved."""
    problem = (
        f"{why} (it requires {snippet.requirements}), and the program as it is now has no approved output; on a "
        f"machine that can run it: python dev.py approve {snippet.name}"
    )
    return Result(snippet, None, () if snippet.current else (problem,), cached=False, obstacle=why)


def report(result: Result) -> str:
    """Return all that is wrong with a result, for a person: file, interpreter, fault, remedy."""
    where = f" on {result.run.interpreter.label}" if result.run is not None else ""
    return f"{result.snippet.path}{where}:\n" + "\n".join(f"  {text}" for text in result.problems)


def summary(results: Sequence[Result]) -> str:
    """Count results: run, cached, not runnable, failed, went right; and name the slowest."""
    ran = [(result, result.run) for result in results if result.run is not None and not result.cached]
    went_right = sum(any(text.startswith(compare.WENT_RIGHT) for text in result.problems) for result in results)
    slowest = sorted(((run.seconds, result.snippet.name) for result, run in ran), reverse=True)[:3]
    counts = (
        f"{len(ran)} run, {sum(result.cached for result in results)} cached, "
        f"{sum(result.run is None for result in results)} not runnable here, "
        f"{sum(not result.ok for result in results)} failed, "
        f"{went_right} expected failures that did not happen"
    )
    return counts + "".join(["; slowest: ", ", ".join(f"{name} {seconds:.1f} s" for seconds, name in slowest)]) * bool(
        slowest
    )
