"""Commands that build, serve and publish the site."""

import os
import socket
from collections.abc import Sequence
from pathlib import Path

import click

from pleasestop.messages import PleaseStopError
from pleasestop.project import project_at
from pleasestop.site import generator, playground, policy
from pleasestop.site.publish import publish

ROOT = Path()

arguments_argument = click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
passed_on = {"ignore_unknown_options": True}


def _fetch_playground() -> None:
    if problem := playground.fetch(ROOT):
        click.secho(problem, fg="yellow", err=True)


@click.command("build", context_settings=passed_on)
@click.option(
    "--with",
    "name",
    type=click.Choice(generator.GENERATORS),
    default="mkdocs",
    show_default=True,
    help="The generator that builds the pages.",
)
@click.option("--to", type=click.Path(path_type=Path), default=Path("site"), show_default=True, help="The folder.")
@click.option("--offline", is_flag=True, help="Build it to be read from files, without a server or a network.")
@arguments_argument
def build_(name: str, to: Path, offline: bool, arguments: Sequence[str]) -> None:
    """Build the site; if that fails, the site that was there stays. Further ARGUMENTS go to the generator."""
    if offline:
        os.environ["PLEASESTOP_OFFLINE"] = "true"
    project = project_at(ROOT, draft=False)
    project.refresh()
    _fetch_playground()
    with generator.replaced_folder(to) as target:
        generator.build(ROOT, name, target, arguments)
        publish(project, generator.load_settings(ROOT), target)
    click.echo(f"{to}: built")


@click.command("publish")
@click.argument("site", type=click.Path(exists=True, file_okay=False, path_type=Path))
def publish_(site: Path) -> None:
    """Write programs, recipes, Markdown pages, lists and scripts into the folder SITE that a generator built."""
    project = project_at(ROOT, draft=False)
    project.refresh()
    publish(project, generator.load_settings(ROOT), site)


@click.command("serve", context_settings=passed_on)
@click.option("-a", "--dev-addr", "address", default="127.0.0.1:8000", show_default=True, help="Host and port.")
@arguments_argument
def serve_(address: str, arguments: Sequence[str]) -> None:
    """Build the site, serve it, and build again what changes. Further ARGUMENTS go to `mkdocs serve`."""
    host, _, port = address.rpartition(":")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, int(port)))
        except (OSError, ValueError) as error:
            raise PleaseStopError(
                f"{address}: cannot listen there ({error}); try another port: python dev.py serve -a 127.0.0.1:8001"
            ) from None
    _fetch_playground()
    click.echo("building the site; the first time runs every program, which takes half a minute ...")
    generator.serve(ROOT, ["--dev-addr", address, *arguments])


@click.command("policy")
@click.argument("site", type=click.Path(exists=True, file_okay=False, path_type=Path))
def policy_(site: Path) -> None:
    """Print the Content-Security-Policy under which the built site in the folder SITE works."""
    click.echo(policy.content_security_policy(site))
