"""Give each interpreter an environment with the packages that snippets declare.

`snippets/requirements.lock` pins all of them with their hashes, for every Python and system at
once; uv installs what it pins for the interpreter at hand. An environment belongs to one
interpreter and one state of that file. It is made when the first run needs it, and kept.
"""

import hashlib
import re
import subprocess
from dataclasses import replace
from functools import cache
from pathlib import Path

import click
from packaging.requirements import Requirement
from packaging.version import Version
from uv import find_uv_bin

from pleasestop.files import atomic_folder
from pleasestop.snippets.interpreters import Interpreter
from pleasestop.snippets.model import Snippet
from pleasestop.snippets.output import CPYTHON

FOLDER = Path(".pleasestop/environments")
"""Where environments are kept, below the project's folder."""

_OLDEST_FOR_UVLOOP = Version("3.11")

TIMEOUT = 300
"""Seconds after which an installation is given up."""


def with_packages(snippet: Snippet, interpreter: Interpreter) -> Interpreter:
    """Return `interpreter` with the environment in which it runs a snippet; itself if that needs no package.

    This makes no environment; `obstacle` does.
    """
    if not snippet.dependencies:
        return interpreter
    packages = tuple(f"{one.name} {str(one.specifier)[2:]}" for one in map(Requirement, snippet.dependencies))
    packages = tuple(dict.fromkeys((*interpreter.packages, *packages)))
    return replace(interpreter, environment=_folder(snippet.lock, interpreter), packages=packages)


def with_uvloop(lock: Path, interpreter: Interpreter) -> Interpreter | None:
    """Return `interpreter` with uvloop's event loop; None where `lock` pins none, or it cannot be installed."""
    pinned = re.search(r"^uvloop==(\S+)", lock.read_text(encoding="utf-8"), re.MULTILINE) if lock.exists() else None
    if pinned is None or interpreter.variant or interpreter.version < _OLDEST_FOR_UVLOOP:
        return None
    folder = _folder(lock, interpreter)
    if _install(folder, lock, interpreter):
        return None
    return replace(interpreter, environment=folder, packages=(f"uvloop {pinned[1]}",), loop="uvloop")


def obstacle(snippet: Snippet, interpreter: Interpreter) -> str:
    """Return why `interpreter` cannot have the packages of a snippet, "" if it has them now."""
    if not snippet.dependencies:
        return ""
    if interpreter.implementation != CPYTHON:
        return "its packages are installed for CPython only"
    return _install(_folder(snippet.lock, interpreter), snippet.lock, interpreter)


def _folder(lock: Path, interpreter: Interpreter) -> Path:
    identity = f"{interpreter.path} {interpreter.build}".encode() + lock.read_bytes()
    name = f"{interpreter.implementation.lower()}-{interpreter.version}-{hashlib.sha256(identity).hexdigest()[:12]}"
    return lock.parent.parent.resolve() / FOLDER / name


@cache
def _install(folder: Path, lock: Path, interpreter: Interpreter) -> str:
    """Make an environment unless it exists; if that fails, print what uv says and return the fault in short."""
    if folder.exists():
        return ""
    click.echo(f"installing the packages of snippets for {interpreter.label} ...", err=True)
    try:
        with atomic_folder(folder) as temporary:
            # Relocatable, because the folder is renamed once it is complete.
            _uv("venv", "--relocatable", "--python", interpreter.path, temporary)
            # With bytecode, because runs write none: an import of pytest would take a second each time.
            options = ["--require-hashes", "--only-binary", ":all:", "--compile-bytecode"]
            _uv("pip", "install", "--python", temporary, *options, "-r", lock)
    except (OSError, subprocess.SubprocessError) as error:
        reason = error.stderr if isinstance(error, subprocess.CalledProcessError) else str(error)
        click.secho(f"{lock}: cannot be installed for {interpreter.label}:\n{reason}", fg="yellow", err=True)
        return "its packages could not be installed"
    return ""


def _uv(*words: str | Path) -> None:
    command = [find_uv_bin(), "--quiet", *words]
    subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT, check=True)
