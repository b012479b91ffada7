"""The command that watches a program of the reader's own."""

import os
import subprocess
from pathlib import Path

import click

from pleasestop.messages import PleaseStopError
from pleasestop.snippets import interpreters
from pleasestop.snippets.interpreters import Interpreter
from pleasestop.snippets.runner import Job
from pleasestop.trace import events, report
from pleasestop.trace.diagnosis import PAGES
from pleasestop.trace.report import Report

_FIND = """
import importlib.util, sys
sys.path.insert(0, "")
found = importlib.util.find_spec(sys.argv[1])
if found is not None and found.submodule_search_locations is not None:
    found = importlib.util.find_spec(sys.argv[1] + ".__main__")
print(found.origin if found is not None and found.has_location else "")
"""


@click.command("watch", context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@click.argument("program", metavar="FILE.py", required=False)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="[ARGUMENT...]")
@click.option("-m", "module", is_flag=True, help="The program is the name of a module, as for `python -m`.")
@click.option(
    "--pid", type=click.IntRange(1), help="A process that runs already, to say where it stands and let it go on."
)
@click.option("--out", type=click.Path(path_type=Path), help="The file to write; FILE.replay.html here unless given.")
@click.option(
    "--python",
    type=click.Path(path_type=Path),
    help="The Python to run it on; unless given, the one that runs this program, or else the newest found.",
)
@click.option(
    "--limit",
    type=click.FloatRange(0.1, 86_400),
    default=10.0,
    show_default=True,
    help="Seconds after which a program that does not end is stopped. Ctrl-C stops it at once.",
)
def watch_(  # noqa: PLR0917
    program: str | None,
    arguments: tuple[str, ...],
    module: bool,
    pid: int | None,
    out: Path | None,
    python: Path | None,
    limit: float,
) -> None:
    """Run a program of your own, and tell why it does not stop.

    The program runs in the current folder, in your environment, with your stdin. What follows
    its name are its own arguments. If it does not end, this prints what each thread, task and
    process waited for. An HTML file shows that and draws what they did.
    """
    site = os.environ.get("PLEASESTOP_SITE_URL", "")
    if pid is not None and program is None:
        _print(report.look(pid, out or Path(f"process-{pid}.html"), site))
        return
    if program is None or pid is not None:
        raise PleaseStopError("name a program, or a process that runs already with --pid PID.")
    chosen = interpreters.identify(python) if python is not None else report.default_interpreter()
    if chosen is None:
        raise PleaseStopError(f"no CPython {events.OLDEST} or newer was found; name one with --python PATH.")
    path = _module_file(chosen, program) if module else Path(program)
    if not path.is_file():
        raise PleaseStopError(f"{program}: there is no such file; name a program, or a module after -m.")
    job = Job(path.absolute(), chosen, limit, here=True, module=program if module else "", arguments=arguments)
    _print(report.watch(job, out or Path(f"{program if module else path.stem}.replay.html"), site))


def _print(made: Report) -> None:
    click.echo(made.ended)
    for finding in made.findings:
        page = f" (page: {PAGES[finding.page][0]})" if finding.page else ""
        click.echo(f"- {finding.text}{page}")
    click.secho(f"{made.out}: written, open it in a browser", fg="green")


def _module_file(interpreter: Interpreter, module: str) -> Path:
    """Return the file that `python -m` executes; raises `PleaseStopError` if there is no such module."""
    done = subprocess.run(
        [interpreter.path, "-c", _FIND, module], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )
    if done.returncode != 0 or not done.stdout.strip():
        raise PleaseStopError(f"{module}: {interpreter.label} finds no such module from here.")
    return Path(done.stdout.strip())
