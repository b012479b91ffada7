"""The command line: a thin face on the stages."""

import difflib
import os
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import click
from packaging.version import InvalidVersion, Version

from pleasestop import catalog, contract, copy, hosting, proof, publish, pythons, recipes, watch, watching
from pleasestop.catalog import Snippet
from pleasestop.check import CACHE, Checked, check, write_whole
from pleasestop.copy import State, Step
from pleasestop.errors import PleaseStopError
from pleasestop.publish import Shelf
from pleasestop.pythons import Python
from pleasestop.reporting import bar, progress, report, summary
from pleasestop.runner import Run

ROOT = Path("snippets")
RECIPES = ROOT / "recipes"
TRIALS = 5
"""Runs, all at once, that must agree before an output is approved."""
LOAD = min(64, 16 * (os.cpu_count() or 1))
"""Runs at once for a proof: more than the machine has time for, as snippets must bear."""

EXITS: Mapping[State, int] = {"unmodified": 0, "outdated": 3, "edited": 4, "edited and outdated": 4, "unknown": 4}
"""The exit status of `verify` for a copy in each state; click has 1 for errors and 2 for misuse."""

jobs_option = click.option(
    "--jobs", type=click.IntRange(1, 64), default=8, show_default=True, help="How many run at once."
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Take recipes of Please Stop into your project; or work on Please Stop.

    Recipes: `add`, `verify`, `diff` and `update` work in any folder. The other commands are
    for contributors, in the project's folder. Exit status: 0 all is well, 1 something must be
    mended, 2 the command was not understood; `verify` has more.
    """


def _pick(names: Sequence[str]) -> list[Snippet]:
    """Return the named snippets, all where none is named; suggests the nearest to a wrong name."""
    snippets = catalog.load(ROOT)
    picked = []
    for name in names:
        stem = Path(name).stem
        if stem not in snippets:
            raise PleaseStopError(catalog.unknown("snippet", stem, snippets, "`pleasestop list` shows all."))
        picked.append(snippets[stem])
    return picked or list(snippets.values())


@main.command("list")
def list_() -> None:
    """List every snippet: name, page, claim."""
    for snippet in catalog.load(ROOT).values():
        wrong = f"[{snippet.rules.wrong}] " if snippet.rules.wrong else ""
        click.echo(f"{snippet.folder}/{click.style(snippet.name, bold=True)}\n    {wrong}{snippet.claim}")


@main.command("run")
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@click.option("--python", type=click.Path(path_type=Path), help="The Python to run on; else this one, if admitted.")
def run_(names: Sequence[str], python: Path | None) -> None:
    """Run snippets and show what they print, marked where it is stderr."""
    wanted = [(snippet, _choose(snippet, python)) for snippet in _pick(names)]
    for checked in check(wanted, cache=None):
        click.secho(f"# {checked.snippet.name}", bold=True)
        assert checked.run is not None
        click.echo(contract.observed(checked.run).as_text(), nl=False)
        for problem in checked.problems:
            click.secho(f"! {problem}", fg="red", err=True)


def _choose(snippet: Snippet, python: Path | None) -> Python:
    chosen = pythons.choose(snippet, [pythons.own()]) if python is None else pythons.identify(python)
    if chosen is None or not chosen.admits(snippet):
        wants = " and ".join([f"Python {snippet.requires_python or 'any'}", *snippet.dependencies])
        lacks = "no Python found here fits" if chosen is None else f"{chosen.label} does not fit"
        raise PleaseStopError(f"{snippet.name} wants {wants}, and {lacks}; name one with --python PATH.")
    return chosen


@main.command("check")
@click.argument("names", nargs=-1, metavar="[NAME...]")
@click.option(
    "--python",
    "paths",
    type=click.Path(path_type=Path),
    multiple=True,
    help="Check on this Python only; may be given more than once.",
)
@click.option("--runs", type=click.IntRange(1, 1000), help="Run each so many times, whatever is cached.")
@jobs_option
def check_(names: Sequence[str], paths: Sequence[Path], runs: int | None, jobs: int) -> None:
    """Run snippets (all, if none is named) and compare with what was approved."""
    snippets = _pick(names)
    wanted: list[tuple[Snippet, Python | None]]
    if paths:
        chosen = [pythons.identify(path) for path in paths]
        wanted = [(snippet, python) for snippet, python in product(snippets, chosen) if python.admits(snippet)]
    else:
        own = [pythons.own()]
        wanted = [(snippet, pythons.choose(snippet, own)) for snippet in snippets]
    with progress(len(wanted) * (runs or 1), "checking", "each" if runs is None else "failures") as ended:
        results = check(wanted * (runs or 1), at_once=jobs, cache=None if runs else CACHE, ended=ended)
    click.echo(summary(results))
    if not all(checked.ok for checked in results):
        raise SystemExit(1)


@main.command()
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@click.option("--python", type=click.Path(path_type=Path), help="The Python to approve on; else this one, if admitted.")
@click.option("--up-to", metavar="3.X", help="Write it as the output for this version and older ones.")
def approve(names: Sequence[str], python: Path | None, up_to: str | None) -> None:
    """Run snippets several times at once, show what changed, and write it as approved.

    Refuses a run that breaks what the snippet declares, and runs that differ among themselves.
    """
    try:
        upto = None if up_to is None else Version(up_to)
    except InvalidVersion:
        raise PleaseStopError(f"--up-to takes a version such as 3.11, not {up_to!r}.") from None
    wanted = [(snippet, _choose(snippet, python)) for snippet in _pick(names)]
    results = check(wanted * TRIALS, cache=None)
    refused = []
    for index, (snippet, chosen) in enumerate(wanted):
        try:
            _approve(snippet, chosen, results[index :: len(wanted)], upto)
        except PleaseStopError as error:
            refused.append(error.message)
    if refused:
        raise PleaseStopError("\n".join(refused))


def _approve(snippet: Snippet, python: Python, trials: Sequence[Checked], upto: Version | None) -> None:
    outputs = []
    for trial in trials:
        assert trial.run is not None
        if conduct := contract.conduct(snippet, trial.run):
            problems = "\n".join(f"  {text}" for text in conduct)
            raise PleaseStopError(f"{snippet.path} on {python.label}, not approved:\n{problems}")
        outputs.append(contract.observed(trial.run))
    first = contract.comparable(outputs[0], snippet.rules)
    for other in outputs[1:]:
        second = contract.comparable(other, snippet.rules)
        if second != first:
            rows = "\n".join(difflib.unified_diff(first, second, "one run", "another run", lineterm=""))
            raise PleaseStopError(
                f"{snippet.path} on {python.label}, not approved: runs differ; order them by events, "
                f"or declare what may vary (`unordered`, `masked`).\n{rows}"
            )
    known = snippet.approved_for(python.version) if upto is None else snippet.approved.get(upto)
    path = known or snippet.output_path(upto)
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    if before and contract.comparable(contract.approved(path), snippet.rules) == first:
        click.echo(f"{os.path.relpath(path)}: approved already")
        return
    text = outputs[0].as_text()
    diff = difflib.unified_diff(before.splitlines(), text.splitlines(), "approved", "now", lineterm="", n=9)
    click.echo("\n".join(diff))
    write_whole(path, text)
    click.secho(f"{os.path.relpath(path)}: written, {TRIALS} runs agreed", fg="green")


@main.command()
@click.option("--only", "names", multiple=True, metavar="NAME", help="Prove this snippet only; may be repeated.")
@click.option(
    "--python",
    "paths",
    type=click.Path(path_type=Path),
    multiple=True,
    help="Prove on this Python only, not on every one found; may be repeated.",
)
@click.option("--runs", type=click.IntRange(1, 1000), default=30, show_default=True, help="How often each is run.")
@click.option("--force", is_flag=True, help="Prove also what is proved already.")
@click.option("--jobs", type=click.IntRange(1, 64), default=LOAD, show_default=True, help="How many run at once.")
def prove(names: Sequence[str], paths: Sequence[Path], runs: int, force: bool, jobs: int) -> None:
    """Run snippets on every Python found, many times and under load, and record what was seen.

    The newest of them, from 3.12 on, also watches what the program does, for the replay.
    Only what is stale is run. It can be interrupted at any moment: what was complete is kept.
    """
    snippets = _pick(names)
    found = [pythons.identify(path) for path in paths] or list(pythons.others())
    click.echo(f"on {', '.join(python.label for python in found)}")
    wanted = proof.want(snippets, found) if force else proof.stale(snippets, found)
    total = runs * sum(one.python.admits(one.snippet) for one in wanted)
    started = time.monotonic()
    with bar(total, "proving") as (console, advance):

        def ended(one: proof.Wanted, run: Run, problems: list[str]) -> None:
            advance()
            if problems:
                console.print(report(Checked(one.snippet, run, tuple(problems), cached=False)), markup=False)

        proofs = proof.prove(wanted, runs, jobs, ended)
        deviations = sum(one.deviations for one in proofs)
        unwatched = [] if deviations else proof.unwatched(snippets, found, force)
        deviations += proof.watch(unwatched, ended)
    click.echo(
        f"{len(proofs)} proofs written from {total} runs in {time.monotonic() - started:.0f} s: "
        f"{sum(one.outcome == 'as approved' for one in proofs)} as approved, "
        f"{sum(one.outcome == 'another approved output' for one in proofs)} with another approved output, "
        f"{sum(one.outcome == 'not supported' for one in proofs)} not supported; {len(unwatched)} watched; "
        f"{deviations} runs deviated"
    )
    if deviations:
        raise SystemExit(1)


@main.command("merge-proofs")
@click.argument("folders", nargs=-1, required=True, type=click.Path(exists=True, file_okay=False, path_type=Path))
def merge_proofs(folders: Sequence[Path]) -> None:
    """Take the newer proofs from copies of the folder of snippets, such as other platforms made."""
    snippets = list(catalog.load(ROOT).values())
    for folder in folders:
        click.echo(f"{folder}: {proof.merge(snippets, ROOT, folder)} proofs taken")


@main.command("watch")
@click.argument("program", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE.py")
@click.argument("arguments", nargs=-1, metavar="[ARGUMENT...]")
@click.option("--out", type=click.Path(path_type=Path), help="Where to write the page; else FILE.replay.html here.")
@click.option("--python", type=click.Path(path_type=Path), help="The Python to run it on; else the newest found.")
@click.option(
    "--limit",
    type=click.FloatRange(0.1, 600),
    default=10.0,
    show_default=True,
    help="Seconds after which a program that does not end is stopped and drawn as far as it got.",
)
def watch_(program: Path, arguments: tuple[str, ...], out: Path | None, python: Path | None, limit: float) -> None:
    """Run a program of your own and draw what its tasks, threads and processes did, as one HTML file.

    It runs where you stand, in your environment, without input. Arguments that begin with a
    dash come after `--`.
    """
    newest = max(
        (one for one in pythons.others() if watching.can_watch(one)), key=lambda one: one.version, default=None
    )
    chosen = pythons.identify(python) if python is not None else newest
    if chosen is None:
        raise PleaseStopError(f"no CPython {watching.OLDEST} or newer was found; name one with --python PATH.")
    written = out or Path(f"{program.stem}.replay.html")
    click.echo(watch.watch(program, arguments, chosen, limit, written))
    click.secho(f"{written}: written, open it in a browser", fg="green")


SCAFFOLD = '''"""One sentence that can be false, and that this program proves."""

import asyncio


async def main() -> None:
    print("replace me")


asyncio.run(main())
'''


@main.command()
@click.argument("where", metavar="PAGE/NAME")
def new(where: str) -> None:
    """Begin a snippet, such as threads/stop_a_thread/wait_on_an_event."""
    path = (ROOT / where).with_suffix(".py")
    if len(path.relative_to(ROOT).parts) < 2 or ".." in path.parts:
        raise PleaseStopError(f"{where}: name the page's folder and the snippet, such as threads/stop_a_thread/NAME.")
    existing = catalog.load(ROOT)
    if path.stem in existing:
        raise PleaseStopError(f"{existing[path.stem].path} is called {path.stem} already; choose another name.")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(SCAFFOLD, encoding="utf-8")
    try:
        catalog.read(path, ROOT)
    except PleaseStopError:
        path.unlink()
        raise
    click.echo(f"{path}: write it, then\n    pleasestop approve {path.stem}\nand show it on its page:\n")
    click.echo(f"/// snippet | {path.stem}\n///")


from_option = click.option(
    "--from",
    "address",
    metavar="URL",
    help="Take the recipes of the site at this address (http, https, file), not those that came with this program.",
)
in_option = click.option(
    "--in",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path(),
    help="The folder to look in, with those below it; the current one unless said.",
)
dry_option = click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
names_argument = click.argument("names", nargs=-1, metavar="[NAME...]")


def _shelf(address: str | None) -> Shelf:
    if address is not None:
        return publish.site(address)
    return publish.shelf(recipes.load(recipes.bundled()).values())


def _do(steps: Sequence[Step], folder: Path, dry_run: bool) -> None:
    """Do what was planned, unless it is only tried, and say it."""
    if dry_run:
        click.echo("Only tried, nothing is written:")
    else:
        copy.write(steps, folder)
    for step in steps:
        click.echo(f"{step.path}: {step.told}")


@main.command()
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@click.option(
    "--to",
    "folder",
    type=click.Path(path_type=Path),
    default=Path(),
    help="The folder to copy into, made if it is missing; the current one unless said.",
)
@click.option("--with-tests", is_flag=True, help="Copy the tests too; they need pytest.")
@dry_option
@from_option
@click.option("--force", is_flag=True, help="Replace a file that is there with another text.")
def add(  # noqa: PLR0913 (click hands over one argument for each option)
    *, names: Sequence[str], folder: Path, with_tests: bool, dry_run: bool, address: str | None, force: bool
) -> None:
    """Copy recipes into your project: all of the named ones, or none."""
    steps = copy.additions(_shelf(address), names, folder, tests=with_tests, force=force)
    _do(steps, folder, dry_run)


@main.command()
@names_argument
@in_option
@from_option
def verify(names: Sequence[str], folder: Path, address: str | None) -> None:
    """Tell of each copy of a recipe whether it is as it was released, and the newest.

    Exit status: 0 all are, 3 some are outdated, 4 some are edited or unknown; 1 it could not
    be told.
    """
    copies = copy.find(folder, _shelf(address), names)
    for one in copies:
        colour = {"unmodified": "green", "outdated": "yellow"}.get(one.state, "red")
        click.echo(f"{one.path}: {click.style(one.state, fg=colour)} ({one.told})")
    raise SystemExit(max(EXITS[one.state] for one in copies))


@main.command()
@names_argument
@in_option
@from_option
def diff(names: Sequence[str], folder: Path, address: str | None) -> None:
    """Show what was edited in copies of recipes, and what `update` would bring."""
    shelf = _shelf(address)
    for one in copy.find(folder, shelf, names):
        click.echo(copy.differences(shelf, one), nl=False)


@main.command()
@names_argument
@in_option
@dry_option
@from_option
def update(names: Sequence[str], folder: Path, dry_run: bool, address: str | None) -> None:
    """Bring copies of recipes to the newest version; your own changes are merged into it.

    Exit status: 0 done, 1 there are conflicts to settle, or nothing could be done.
    """
    shelf = _shelf(address)
    steps = copy.updates(shelf, copy.find(folder, shelf, names))
    _do(steps, folder, dry_run)
    if any(step.conflicts for step in steps):
        raise SystemExit(1)


@main.command()
@click.argument("name")
@click.argument("note")
@click.option(
    "--date",
    "day",
    type=click.DateTime(["%Y-%m-%d"]),
    default=lambda: datetime.now(UTC),
    help="The day of the release; today unless said.",
)
def release(name: str, note: str, day: datetime) -> None:
    """Freeze a recipe as the version in its header; NOTE tells a reader what is new in it."""
    folder = RECIPES / name
    if not folder.is_dir():
        raise PleaseStopError(catalog.unknown("recipe", name, recipes.load(RECIPES)))
    new = publish.release(folder, note, day.date())
    click.echo(f"{folder}: {'released' if new else 'released already, with this text'}")


site_argument = click.argument("site", type=click.Path(exists=True, file_okay=False, path_type=Path))


@main.command()
@site_argument
def policy(site: Path) -> None:
    """Print the Content-Security-Policy under which the built site in the folder SITE works."""
    click.echo(hosting.policy(site))


@main.command()
@site_argument
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
def archive(site: Path, out: Path) -> None:
    """Pack the built site in the folder SITE into OUT, a zip to read without a server or network."""
    hosting.archive(site, out)
    click.echo(f"{out}: {out.stat().st_size / 1e6:.1f} MB; unpack it and open please-stop/index.html")
