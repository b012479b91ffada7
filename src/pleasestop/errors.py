"""The one error that a person is meant to read."""

import click


class PleaseStopError(click.ClickException):
    """Something a contributor can mend; the message names the place and the remedy.

    It is a `click.ClickException` because every program that runs the engine (our own
    command line, `mkdocs build`, `zensical build`) is a click application: click prints
    the message without a traceback and exits with status 1.
    """
