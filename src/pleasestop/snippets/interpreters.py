"""Find the Python interpreters of this machine and ask each what it is."""

import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from findpython.providers import ALL_PROVIDERS
from findpython.providers.base import BaseProvider
from packaging.version import Version

from pleasestop.messages import PleaseStopError
from pleasestop.snippets.model import SYSTEM_NAMES, Snippet, System
from pleasestop.snippets.output import variant_name

OLDEST = Version("3.8")
"""The oldest version that snippets are run on."""

_SYSTEMS: dict[str, System] = {"Linux": "linux", "Darwin": "macos", "Windows": "windows"}

_PROBE = """
import json, platform, sys, sysconfig
print(json.dumps({
    "implementation": platform.python_implementation(),
    "version": platform.python_version(),
    "build": sys.version,
    "free_threaded": bool(sysconfig.get_config_var("Py_GIL_DISABLED")),
}))
"""


@dataclass(frozen=True)
class Interpreter:
    """A Python that was executed and said what it is.

    `build` is its `sys.version`, which differs between two builds of one version.
    `environment` is the virtual environment that it runs in, if any, and `packages` are those
    of it that a snippet declares, such as "anyio 4.16.0". `loop` names the package whose event
    loop asyncio then uses, "" for its own.
    """

    path: Path
    implementation: str
    version: Version
    build: str
    free_threaded: bool
    system: System
    environment: Path | None = None
    packages: tuple[str, ...] = ()
    loop: str = ""

    @property
    def variant(self) -> str:
        """What it is besides CPython with its own event loop, such as "PyPy"; "" for that."""
        return variant_name(self.implementation, self.loop)

    @property
    def label(self) -> str:
        """The name for a reader, such as "CPython 3.14.8, anyio 4.16.0 on Linux"."""
        threads = " free-threaded" if self.free_threaded else ""
        names = ", ".join([f"{self.implementation} {self.version}{threads}", *self.packages])
        return f"{names} on {SYSTEM_NAMES[self.system]}"

    @property
    def executable(self) -> Path:
        """The file to execute: the environment's, if there is one."""
        return self.environment / "bin/python" if self.environment else self.path

    @property
    def minor(self) -> str:
        """The minor version, such as "3.14", with a "t" for a free-threaded build."""
        return f"{self.version.major}.{self.version.minor}{'t' if self.free_threaded else ''}"

    def admits(self, snippet: Snippet) -> bool:
        """Return whether version and system are what the snippet requires."""
        return snippet.supports(self.version, self.system)


@cache
def identify(path: Path) -> Interpreter:
    """Execute the interpreter at `path` and return what it is.

    Raises `PleaseStopError` where it cannot be executed or is not Python 3.
    """
    try:
        done = subprocess.run(
            [path, "-I", "-c", _PROBE], capture_output=True, text=True, timeout=20, check=True, stdin=subprocess.DEVNULL
        )
        answer = json.loads(done.stdout)
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        raise PleaseStopError(f"{path}: this is not a Python that can be run here ({error}).") from None
    return Interpreter(
        path=path,
        implementation=answer["implementation"],
        version=Version(answer["version"]),
        build=answer["build"],
        free_threaded=bool(answer["free_threaded"]),
        system=_SYSTEMS.get(platform.system(), "linux"),
    )


def own() -> Interpreter:
    """Return the interpreter that runs this program."""
    return identify(Path(sys.executable))


def _candidates() -> Iterator[Path]:
    """Yield paths where a Python may be, the likeliest first; each file once, and no shims of pyenv.

    The providers of findpython only list paths; each of its own searches would execute all of them.
    """
    named = (Path(path) for path in os.environ.get("PLEASESTOP_PYTHONS", "").split(os.pathsep) if path)
    listed = (found.executable for provider in _providers() for found in provider.find_pythons())
    seen: set[Path] = set()
    for path in (*named, *listed, Path(sys.executable)):
        real = path.resolve()
        if path.parent.name != "shims" and real not in seen:
            seen.add(real)
            yield path


def _providers() -> Iterator[BaseProvider]:
    for provider in ALL_PROVIDERS.values():
        if (made := provider.create()) is not None:
            yield made


@cache
def find_all() -> tuple[Interpreter, ...]:
    """Return the newest of each minor version of this machine, from 3.8 on, the newest first, and after them PyPy.

    They are searched in `PLEASESTOP_PYTHONS` (paths, separated as in PATH), on PATH, and among
    the Pythons of pyenv, uv and others (by findpython). Each is executed.
    """

    def identify_or_none(path: Path) -> Interpreter | None:
        try:
            return identify(path)
        except PleaseStopError:
            return None  # a pyenv shim for a version that is not active, a broken installation

    with ThreadPoolExecutor() as pool:
        found = [interpreter for interpreter in pool.map(identify_or_none, _candidates()) if interpreter is not None]
    supported = [interpreter for interpreter in reversed(found) if interpreter.version >= OLDEST]
    # Of one version the likeliest path wins, of one minor version the newest.
    newest = {(one.implementation, one.minor): one for one in sorted(supported, key=lambda one: one.version)}
    return tuple(sorted(newest.values(), key=lambda one: (not one.variant, one.version), reverse=True))


def choose(snippet: Snippet, preferred: Iterable[Interpreter]) -> Interpreter | None:
    """Return the first of `preferred` that admits the snippet, else the newest of this machine, else None."""
    for interpreter in preferred:
        if interpreter.admits(snippet):
            return interpreter
    return next((interpreter for interpreter in find_all() if interpreter.admits(snippet)), None)
