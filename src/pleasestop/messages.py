"""Errors and hints that a contributor reads."""

import difflib
from collections.abc import Iterable

import click


class PleaseStopError(click.ClickException):
    """A fault that a contributor can fix; the message names the place, the fault and the remedy.

    The class derives from `click.ClickException` because every program that runs the engine
    (our command line, `mkdocs`, `zensical`) is a click application: click prints the message
    without a traceback and exits with status 1.
    """


def not_found(kind: str, name: str, known: Iterable[str], otherwise: str = "") -> str:
    """Return a sentence that no `kind` has this `name`, with the nearest `known` names or `otherwise`."""
    near = difflib.get_close_matches(name, list(known), 3)
    hint = f"Nearest: {', '.join(near)}." if near else otherwise
    return f"no {kind} is called {name}. {hint}".rstrip()


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return a hint for an unknown key or option: the nearest known one, or all of them."""
    known = list(known)
    near = difflib.get_close_matches(name, known, 1)
    return f"did you mean `{near[0]}`?" if near else f"known are: {', '.join(known) or 'none'}."
