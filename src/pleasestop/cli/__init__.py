"""The command line. Each command's module is imported when the command is called.

So copying recipes needs `click` and `packaging` only, and `--help` is quick.
"""

import importlib
import textwrap
from collections.abc import Mapping
from typing import Any

import click

COMMANDS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "Recipes in your project": {
        "add": ("recipes", "Copy recipes into your project: all of the named ones, or none."),
        "verify": ("recipes", "Report for each copy of a recipe whether it is unmodified, edited or outdated."),
        "diff": ("recipes", "Show what was edited in copies of recipes, and what `update` would change."),
        "update": ("recipes", "Update copies of recipes to the newest version and keep your own changes."),
    },
    "A program that does not stop": {
        "watch": ("watch", "Run a program of your own, and tell why it does not stop."),
    },
    "Work on Please Stop": {
        "serve": ("site", "Build the site, serve it, and build again what changes."),
        "build": ("site", "Build the site into the folder `site`."),
        "publish": ("site", "Write the files beside the pages into a site that a generator built."),
        "policy": ("site", "Print the Content-Security-Policy under which a built site works."),
        "new": ("snippets", "Begin a snippet."),
        "list": ("snippets", "List every snippet: name, page, claim."),
        "run": ("snippets", "Run snippets and show what they print."),
        "check": ("snippets", "Run snippets and compare what they print with what was approved."),
        "approve": (
            "snippets",
            "Approve what snippets print now; record and prove them on the Pythons of this machine.",
        ),
        "prove": ("snippets", "Run snippets on every Python of this machine, many times, and record what was seen."),
        "release": ("recipes", "Freeze a recipe as the version in its header."),
    },
}
"""The commands by group: the module of each, and what it does in one sentence."""


class LazyGroup(click.Group):
    """A group that imports a command when it is called, and lists commands without importing them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's signature)
        """Return the names of the commands, group by group."""
        return [name for commands in COMMANDS.values() for name in commands]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import a command, None if there is no such command."""
        modules = {name: module for commands in COMMANDS.values() for name, (module, _) in commands.items()}
        if cmd_name not in modules:
            return None
        try:
            module = importlib.import_module(f"pleasestop.cli.{modules[cmd_name]}")
        except ModuleNotFoundError as error:
            raise click.ClickException(
                f"`{cmd_name}` needs the package {error.name}; install it with: pip install 'pleasestop[site]'"
            ) from None
        command: click.Command = getattr(module, cmd_name.replace("-", "_") + "_")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write every description whole."""
        width = max(map(len, self.list_commands(ctx)))
        for title, commands in COMMANDS.items():
            with formatter.section(title):
                for name, (_, description) in commands.items():
                    first, *rest = textwrap.wrap(description, formatter.width - width - 6)
                    formatter.write(f"  {name:<{width}}  {first}\n")
                    for line in rest:
                        formatter.write(f"  {'':<{width}}  {line}\n")


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def main(**_: Any) -> None:
    """Copy recipes of Please Stop into your project, watch a program, or work on Please Stop.

    Exit status: 0 all is well, 1 something must be fixed, 2 the command was not understood;
    `verify` has more.
    """
