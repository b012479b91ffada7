"""Commands that bring recipes into a reader's project, and release them."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from pleasestop.messages import PleaseStopError, not_found
from pleasestop.recipes import model, project_copy, registry, releases
from pleasestop.recipes.project_copy import State, Step
from pleasestop.recipes.registry import Registry

RECIPES = Path("snippets/recipes")

EXITS: Mapping[State, int] = {"unmodified": 0, "outdated": 3, "edited": 4, "edited and outdated": 4, "unknown": 4}
"""The exit status of `verify` for a copy in each state; click uses 1 for errors and 2 for misuse."""

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
    help="The folder to search, with those below it; the current one unless given.",
)
dry_option = click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
names_argument = click.argument("names", nargs=-1, metavar="[NAME...]")


def _registry(address: str | None) -> Registry:
    return registry.bundled() if address is None else registry.from_url(address)


def _do(steps: Sequence[Step], folder: Path, dry_run: bool) -> None:
    """Do what was planned, unless this is a dry run, and say it."""
    if dry_run:
        click.echo("A dry run, nothing is written:")
    else:
        project_copy.write(steps, folder)
    for step in steps:
        click.echo(f"{step.path}: {step.message}")


@click.command("add")
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@click.option(
    "--to",
    "folder",
    type=click.Path(path_type=Path),
    default=Path(),
    help="The folder to copy into, created if it is missing; the current one unless given.",
)
@click.option("--with-tests", is_flag=True, help="Copy the tests too; they need pytest.")
@dry_option
@from_option
@click.option("--force", is_flag=True, help="Replace a file that is there with another text.")
def add_(
    *, names: Sequence[str], folder: Path, with_tests: bool, dry_run: bool, address: str | None, force: bool
) -> None:
    """Copy recipes into your project: all of the named ones, or none."""
    steps = project_copy.additions(_registry(address), names, folder, tests=with_tests, force=force)
    _do(steps, folder, dry_run)


@click.command("verify")
@names_argument
@in_option
@from_option
def verify_(names: Sequence[str], folder: Path, address: str | None) -> None:
    """Report for each copy of a recipe whether it is unmodified, edited or outdated.

    Exit status: 0 all are unmodified, 3 some are outdated, 4 some are edited or unknown, 1 it
    could not be decided.
    """
    copies = project_copy.find(folder, _registry(address), names)
    for copy in copies:
        colour = {"unmodified": "green", "outdated": "yellow"}.get(copy.state, "red")
        click.echo(f"{copy.path}: {click.style(copy.state, fg=colour)} ({copy.detail})")
    raise SystemExit(max(EXITS[copy.state] for copy in copies))


@click.command("diff")
@names_argument
@in_option
@from_option
def diff_(names: Sequence[str], folder: Path, address: str | None) -> None:
    """Show what was edited in copies of recipes, and what `update` would change."""
    known = _registry(address)
    for copy in project_copy.find(folder, known, names):
        click.echo(project_copy.differences(known, copy), nl=False)


@click.command("update")
@names_argument
@in_option
@dry_option
@from_option
def update_(names: Sequence[str], folder: Path, dry_run: bool, address: str | None) -> None:
    """Update copies of recipes to the newest version; your own changes are merged into it.

    Exit status: 0 done, 1 there are conflicts to resolve, or nothing could be done.
    """
    known = _registry(address)
    steps = [project_copy.update(known, copy) for copy in project_copy.find(folder, known, names)]
    _do(steps, folder, dry_run)
    if any(step.conflicts for step in steps):
        raise SystemExit(1)


@click.command("release")
@click.argument("name")
@click.argument("note")
@click.option(
    "--date",
    "day",
    type=click.DateTime(["%Y-%m-%d"]),
    default=lambda: datetime.now(UTC),
    help="The day of the release; today unless given.",
)
def release_(name: str, note: str, day: datetime) -> None:
    """Freeze a recipe as the version in its header; NOTE says what is new in it."""
    folder = RECIPES / name
    if not folder.is_dir():
        known, _ = model.load(RECIPES)
        raise PleaseStopError(not_found("recipe", name, known))
    new = releases.release(model.read(folder), note, day.date())
    click.echo(f"{folder}: {'released' if new else 'released before, with this text'}")
