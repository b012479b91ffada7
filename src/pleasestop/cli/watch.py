"""The command that watches a program of the reader's own."""

from pathlib import Path

import click

from pleasestop.messages import PleaseStopError
from pleasestop.snippets import interpreters
from pleasestop.trace import events, report


@click.command("watch")
@click.argument("program", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE.py")
@click.argument("arguments", nargs=-1, metavar="[ARGUMENT...]")
@click.option("--out", type=click.Path(path_type=Path), help="The file to write; FILE.replay.html here unless given.")
@click.option(
    "--python",
    type=click.Path(path_type=Path),
    help="The Python to run it on; unless given, the one that runs this program, or else the newest found.",
)
@click.option(
    "--limit",
    type=click.FloatRange(0.1, 600),
    default=10.0,
    show_default=True,
    help="Seconds after which a program that does not end is stopped and drawn as far as it got.",
)
def watch_(program: Path, arguments: tuple[str, ...], out: Path | None, python: Path | None, limit: float) -> None:
    """Run a program of your own and draw what its tasks, threads and processes did, as one HTML file.

    The program runs in the current folder, in your environment, without input. Arguments that
    begin with a dash come after `--`.
    """
    chosen = interpreters.identify(python) if python is not None else report.default_interpreter()
    if chosen is None:
        raise PleaseStopError(f"no CPython {events.OLDEST} or newer was found; name one with --python PATH.")
    written = out or Path(f"{program.stem}.replay.html")
    click.echo(report.watch(program, arguments, chosen, limit, written))
    click.secho(f"{written}: written, open it in a browser", fg="green")
