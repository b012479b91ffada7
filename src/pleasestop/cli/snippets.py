"""Commands for the person who writes snippets."""

import difflib
import os
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import product
from pathlib import Path

import click
from packaging.version import Version

from pleasestop.files import atomic_write
from pleasestop.messages import PleaseStopError, not_found
from pleasestop.project import Content, Project
from pleasestop.site import blocks
from pleasestop.snippets import compare, interpreters, matrix, output, parse
from pleasestop.snippets.cache import RunCache
from pleasestop.snippets.check import AT_ONCE, Result, check, report, summary
from pleasestop.snippets.environments import obstacle, with_uvloop
from pleasestop.snippets.interpreters import Interpreter
from pleasestop.snippets.model import Snippet
from pleasestop.snippets.output import ApprovedOutput
from pleasestop.snippets.progress import progress_bar
from pleasestop.snippets.runner import Run
from pleasestop.trace import events, recordings

TRIALS = 5
"""Runs, all at once, that must agree before an output is approved."""
LOAD = min(64, 16 * (os.cpu_count() or 1))
"""Runs at once for a proof: more than the machine has time for, as snippets must bear."""
RUNS = 30
"""Runs of each snippet on each Python for a proof."""

UNCACHED = RunCache(None)

jobs_option = click.option(
    "--jobs", type=click.IntRange(1, 64), default=AT_ONCE, show_default=True, help="How many run at once."
)
pythons_option = click.option(
    "--python",
    "paths",
    type=click.Path(path_type=Path),
    multiple=True,
    help="A Python to use, instead of all that are found; may be repeated.",
)


def _read(project: Project) -> Content:
    """Read the project; raises `PleaseStopError` that lists every file that cannot be read."""
    content = project.read()
    if content.faults:
        raise PleaseStopError("\n".join(fault.message for fault in content.faults.values()))
    return content


def _pick(names: Sequence[str]) -> list[Snippet]:
    """Return the named snippets, all where none is named; raises with the nearest names for a wrong one."""
    snippets = _read(Project(Path())).snippets
    picked = []
    for name in names:
        stem = Path(name).stem
        if stem not in snippets:
            raise PleaseStopError(not_found("snippet", stem, snippets, "`python dev.py list` shows all."))
        picked.append(snippets[stem])
    return picked or list(snippets.values())


def _choose(snippet: Snippet, python: Path | None) -> Interpreter:
    chosen = interpreters.choose(snippet, [interpreters.own()]) if python is None else interpreters.identify(python)
    if chosen is None or not chosen.admits(snippet):
        lacks = "no Python found here fits" if chosen is None else f"{chosen.label} does not fit"
        raise PleaseStopError(
            f"{snippet.path}: requires {snippet.requirements}, and {lacks}; name one with --python PATH."
        )
    if why := obstacle(snippet, chosen):
        raise PleaseStopError(f"{snippet.path}: cannot be run on {chosen.label}: {why}.")
    return chosen


@click.command("list")
def list_() -> None:
    """List every snippet: name, page, claim."""
    for snippet in _pick(()):
        wrong = f"[{snippet.expectation.wrong}] " if snippet.expectation.wrong else ""
        click.echo(f"{snippet.folder}/{click.style(snippet.name, bold=True)}\n    {wrong}{snippet.claim}")


@click.command("run")
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@click.option("--python", type=click.Path(path_type=Path), help="The Python to run on; this one if admitted.")
def run_(names: Sequence[str], python: Path | None) -> None:
    """Run snippets and show what they print, marked where it is stderr."""
    for result in check([(snippet, _choose(snippet, python)) for snippet in _pick(names)], UNCACHED):
        click.secho(f"# {result.snippet.name}", bold=True)
        assert result.run is not None
        printed = compare.observe(result.run)
        click.echo("\n".join([f"python| {printed.python}", *printed.rows()]))
        for problem in result.problems:
            click.secho(f"! {problem}", fg="red", err=True)


@click.command("check")
@click.argument("names", nargs=-1, metavar="[NAME...]")
@pythons_option
@click.option("--runs", type=click.IntRange(1, 1000), help="Run each so many times, whatever is cached.")
@jobs_option
def check_(names: Sequence[str], paths: Sequence[Path], runs: int | None, jobs: int) -> None:
    """Run snippets (all, if none is named) and compare what they print with what was approved."""
    snippets = _pick(names)
    wanted: list[tuple[Snippet, Interpreter | None]]
    if paths:
        chosen = [interpreters.identify(path) for path in paths]
        wanted = [(snippet, one) for snippet, one in product(snippets, chosen) if one.admits(snippet)]
        if not wanted:
            labels = ", ".join(one.label for one in chosen)
            raise PleaseStopError(f"nothing was checked: {labels} cannot run {', '.join(names) or 'any snippet'}.")
    else:
        own = [interpreters.own()]
        wanted = [(snippet, interpreters.choose(snippet, own)) for snippet in snippets]
    cache = UNCACHED if runs else Project(Path()).cache
    with progress_bar(len(wanted) * (runs or 1), "checking") as (console, advance):

        def ended(result: Result) -> None:
            advance()
            if result.problems:
                console.print(report(result), style="red", markup=False)

        results = check(wanted * (runs or 1), cache, at_once=jobs, ended=ended)
    click.echo(summary(results))
    if not all(result.ok for result in results):
        raise SystemExit(1)


def _minor(_: click.Context, __: click.Parameter, value: str | None) -> Version | None:
    """Read a minor version of Python, such as 3.11."""
    if value is None:
        return None
    major, _dot, minor = value.partition(".")
    if major != "3" or not minor.isdecimal():
        raise click.BadParameter(f"give a minor version such as 3.11, not {value!r}.")
    return Version(value)


@click.command("approve")
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@click.option("--python", type=click.Path(path_type=Path), help="The Python to approve on, instead of those found.")
@click.option("--up-to", metavar="3.X", callback=_minor, help="Approve for this version and older ones.")
@click.option("--only-approve", is_flag=True, help="Do not record and prove afterwards.")
def approve_(names: Sequence[str], python: Path | None, up_to: Version | None, only_approve: bool) -> None:
    """Approve what snippets print now; then record and prove them on the Pythons of this machine.

    Each output is printed by five runs at once, which must agree and do what the snippet
    declares; the difference to what was approved before is shown. A snippet whose older
    versions print something else has an output for each; all are approved again for which
    this machine has a Python. Name the Python and `--up-to` for a version that begins to differ.
    """
    refused = []
    for snippet in _pick(names):
        try:
            _approve(snippet, python, up_to)
        except PleaseStopError as error:
            refused.append(error.message)
    if refused:
        raise PleaseStopError("\n".join(refused))
    if not only_approve and not _record_and_prove(_pick(names), interpreters.find_all(), RUNS, LOAD, force=False):
        raise SystemExit(1)


def _approve(snippet: Snippet, python: Path | None, up_to: Version | None) -> None:
    """Approve each output of a snippet for which there is a Python, or the one that is named."""
    if python is not None or up_to is not None or not snippet.approved:
        chosen = _choose(snippet, python)
        known = snippet.approved_for(chosen.version, chosen.variant)
        _approve_one(snippet, chosen, up_to if up_to is not None or known is None else known.up_to)
        return
    found = (*interpreters.find_all(), interpreters.own())
    able = [one for one in found if one.admits(snippet) and not obstacle(snippet, one)]
    for approved in snippet.approved:
        fitting = [
            one
            for one in able
            if snippet.approved_for(one.version, one.variant) == approved and one.variant == approved.variant
        ]
        if fitting:
            _approve_one(snippet, fitting[0], approved.up_to)
        elif approved.fingerprint != snippet.fingerprint:
            click.secho(
                f"{approved.path}: is of the program as it was, and no Python here is {snippet.versions(approved)}; "
                f"the site does not show it until somebody who has one runs: python dev.py approve {snippet.name}",
                fg="yellow",
            )


def _approve_one(snippet: Snippet, interpreter: Interpreter, up_to: Version | None) -> None:
    """Run a snippet `TRIALS` times at once and write its output, if the runs agree."""
    runs = [trial.run for trial in check([(snippet, interpreter)] * TRIALS, UNCACHED) if trial.run is not None]
    for run in runs:
        if conduct := compare.conduct(snippet, run):
            problems = "\n".join(f"  {text}" for text in conduct)
            raise PleaseStopError(f"{snippet.path} on {interpreter.label}, not approved:\n{problems}")
    outputs = [compare.observe(run) for run in runs]
    first, *others = [one.compared(snippet.expectation.patterns) for one in outputs]
    for other in others:
        if other != first:
            rows = "\n".join(difflib.unified_diff(first, other, "one run", "another run", lineterm=""))
            raise PleaseStopError(
                f"{snippet.path} on {interpreter.label}, not approved: its runs differ; order them by events, or "
                f"declare in `masked` what may vary.\n{rows}"
            )
    path = snippet.output_path(up_to, interpreter.variant)
    before = next((one for one in snippet.approved if one.path == path), None)
    if _is_current(before, snippet, first):
        click.echo(f"{path}: approved before")
        return
    old = [] if before is None else before.output.rows()
    click.echo("\n".join(difflib.unified_diff(old, outputs[0].rows(), "approved", "now", lineterm="", n=9)))
    atomic_write(path, output.dump(outputs[0], snippet.fingerprint))
    click.secho(f"{path}: written, {TRIALS} runs on {interpreter.label} agreed", fg="green")


def _is_current(approved: ApprovedOutput | None, snippet: Snippet, rows: list[str]) -> bool:
    return (
        approved is not None
        and approved.fingerprint == snippet.fingerprint
        and approved.output.compared(snippet.expectation.patterns) == rows
    )


@click.command("prove")
@click.argument("names", nargs=-1, metavar="[NAME...]")
@pythons_option
@click.option("--runs", type=click.IntRange(1, 1000), default=RUNS, show_default=True, help="How often each is run.")
@click.option("--force", is_flag=True, help="Prove also what is proved already.")
@click.option("--jobs", type=click.IntRange(1, 64), default=LOAD, show_default=True, help="How many run at once.")
def prove_(names: Sequence[str], paths: Sequence[Path], runs: int, force: bool, jobs: int) -> None:
    """Run snippets on every Python of this machine, many times and under load, and record what was seen.

    The newest of them, from 3.12 on, also records what pages replay. Only what is stale is
    run. An interruption keeps what was complete.
    """
    found = [interpreters.identify(path) for path in paths] or list(interpreters.find_all())
    if not found:
        raise PleaseStopError("nothing was proved: no Python 3.8 or newer was found; name one with --python PATH.")
    if not _record_and_prove(_pick(names), found, runs, jobs, force=force):
        raise SystemExit(1)


def _record_and_prove(
    snippets: Sequence[Snippet], found: Sequence[Interpreter], runs: int, jobs: int, *, force: bool
) -> bool:
    """Prove snippets, record those that a page replays, and say what was done; return whether no run deviated."""
    project = Project(Path())
    known = list(_read(project).snippets)
    newest = next((one for one in found if not one.variant), None)
    if newest is not None and any(map(matrix.uses_asyncio, snippets)):
        other_loop = with_uvloop(project.root / "snippets/requirements.lock", newest)
        found = [*found, *([other_loop] if other_loop else [])]
    wanted = matrix.want(snippets, found) if force else matrix.stale(snippets, found, project.records)
    total = runs * sum(one.interpreter.admits(one.snippet) for one in wanted)
    deviations: dict[str, Counter[str]] = defaultdict(Counter)
    started = time.monotonic()
    with progress_bar(total, "proving") as (_, advance):

        def ended(one: matrix.Wanted, _: Run, problems: list[str]) -> None:
            advance()
            if problems:
                deviations[f"{one.snippet.path} on {one.interpreter.label}"]["\n".join(problems)] += 1

        proofs = matrix.prove(wanted, project.records, known, runs=runs, at_once=jobs, ended=ended)
    recorded, problems = _record(project, snippets, found, force=force)
    for where, seen in deviations.items():
        click.secho(_deviation(where, seen, runs), fg="red", err=True)
    for problem in problems:
        click.secho(problem, fg="red", err=True)
    click.echo(
        f"{len(proofs)} proofs written from {total} runs in {time.monotonic() - started:.0f} s, on "
        f"{', '.join(one.label for one in found)}: "
        f"{sum(one.outcome == 'as approved' for one in proofs)} as approved, "
        f"{sum(one.outcome == 'another approved output' for one in proofs)} with another approved output, "
        f"{sum(one.outcome == 'not supported' for one in proofs)} not supported, "
        f"{sum(one.outcome == 'does something else' for one in proofs)} of a variant that does something else, "
        f"{sum(one.outcome == 'differs' for one in proofs)} deviated; {recorded} recorded"
    )
    return not deviations and not problems


def _deviation(where: str, seen: Counter[str], runs: int) -> str:
    """Return what is wrong with the runs that deviated, once, however many did."""
    problem, _ = seen.most_common(1)[0]
    head = f"{where}: {seen.total()} of {runs} runs deviated"
    if len(seen) > 1 or seen.total() < runs:
        head += ", and not all in the same way: order the program by events, or declare in `masked` what may vary"
    return f"{head}; for example:\n  {problem}"


def _record(
    project: Project, snippets: Sequence[Snippet], found: Sequence[Interpreter], *, force: bool
) -> tuple[int, list[str]]:
    """Record the snippets that a page replays; return how many, and what went wrong with others."""
    replayed = {
        block.name
        for page in project.docs.rglob("*.md")
        for block in blocks.find(page.read_text(encoding="utf-8").split("\n"))
        if block.kind == "snippet" and {"replay", "scale"} & set(block.shown)
    }
    wanted = []
    for snippet in (snippet for snippet in snippets if snippet.name in replayed):
        able = [one for one in found if events.can_trace(one) and one.admits(snippet) and not obstacle(snippet, one)]
        newest = max(able, key=lambda one: one.version, default=None)
        kept = project.recordings.get(snippet)
        if newest is None:
            if kept is None:
                click.secho(
                    f"{snippet.path}: not recorded, no Python here is 3.12 or newer and admits it.", fg="yellow"
                )
            continue
        if force or kept is None or Version(kept.version).release[:2] < newest.version.release[:2]:
            wanted.append((snippet, newest))
    problems: list[str] = []

    def ended(snippet: Snippet, _: Run, found_problems: list[str]) -> None:
        if found_problems and not any(str(snippet.path) in text for text in problems):
            problems.append(f"{snippet.path}: a traced run deviated:\n  " + "\n  ".join(found_problems))

    made = recordings.record(wanted, ended)
    for snippet, _ in wanted:
        if snippet.name in made:
            project.recordings.put(snippet, made[snippet.name])
    return len(made), problems


SCAFFOLD = '''"""One sentence that can be false, and that this program proves."""

import asyncio


async def main() -> None:
    print("replace me")


asyncio.run(main())
'''


@click.command("new")
@click.argument("where", metavar="PAGE/NAME")
def new_(where: str) -> None:
    """Begin a snippet, such as threads/stop_a_thread/wait_on_an_event."""
    project = Project(Path())
    existing = _read(project).snippets
    relative = Path(where.removeprefix("snippets/")).with_suffix(".py")
    if relative.is_absolute() or ".." in relative.parts or len(relative.parts) < 2:
        raise PleaseStopError(f"{where}: name the page's folder and the snippet, such as threads/stop_a_thread/NAME.")
    page = f"{relative.parent.as_posix().replace('_', '-')}.md"
    pages = [path.relative_to(project.docs).as_posix() for path in project.docs.rglob("*.md")]
    if page not in pages:
        raise PleaseStopError(
            f"{where}: {not_found('page', f'docs/{page}', [f'docs/{one}' for one in pages])} Write it first."
        )
    if parse.is_recipe_file(relative):
        raise PleaseStopError(f"{where}: that is the name of a recipe, or of its tests; choose another name.")
    if relative.stem in existing:
        raise PleaseStopError(f"{existing[relative.stem].path} has this name; choose another one.")
    if not parse.NAME.fullmatch(relative.stem):
        raise PleaseStopError(f"{where}: name a snippet in lower_case_words that say what happens.")
    path = project.snippets / relative
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(SCAFFOLD, encoding="utf-8")
    click.echo(
        f"{path}: write it, put this into docs/{page},\n\n/// snippet | {path.stem}\n///\n\n"
        f"and approve what it prints:\n\n    python dev.py approve {path.stem}"
    )
