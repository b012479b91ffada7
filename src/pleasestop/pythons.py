"""Which Pythons there are: the build's own, and others found on the machine."""

import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from packaging.requirements import Requirement
from packaging.version import Version

from pleasestop.catalog import Snippet
from pleasestop.errors import PleaseStopError

MINORS = range(8, 17)
"""Minor versions of Python 3 that are looked for by name (`python3.8` and on)."""

_SYSTEMS = {"Linux": "linux", "Darwin": "macos", "Windows": "windows"}
SYSTEM_NAMES = {"linux": "Linux", "macos": "macOS", "windows": "Windows"}
"""How the platforms are written for a reader."""

_PROBE = """
import json, platform, sys, sysconfig
print(json.dumps({
    "implementation": platform.python_implementation(),
    "version": platform.python_version(),
    "build": sys.version,
    "free_threaded": bool(sysconfig.get_config_var("Py_GIL_DISABLED")),
}))
"""
_PACKAGES = """
import json
from importlib.metadata import distributions
print(json.dumps({d.metadata["Name"].lower().replace("_", "-"): d.version for d in distributions()}))
"""


@dataclass(frozen=True)
class Python:
    """An interpreter that was executed and said what it is.

    `system` is "linux", "macos" or "windows"; `build` is its `sys.version`, which tells two
    builds of one version apart.
    """

    path: Path
    implementation: str
    version: Version
    build: str
    free_threaded: bool
    system: str

    @property
    def label(self) -> str:
        """What a reader is told, such as "CPython 3.14.8 on Linux"."""
        threads = " free-threaded" if self.free_threaded else ""
        return f"{self.implementation} {self.version}{threads} on {SYSTEM_NAMES[self.system]}"

    def admits(self, snippet: Snippet) -> bool:
        """Whether the snippet can be run here: version, platform and packages are what it asks for."""
        return self.supports(snippet) and self.has(snippet.dependencies)

    def supports(self, snippet: Snippet) -> bool:
        """Whether the snippet says that it runs on this version and platform."""
        return (
            snippet.requires_python.contains(self.version, prereleases=True) and self.system in snippet.rules.platforms
        )

    def has(self, dependencies: Iterable[str]) -> bool:
        """Whether the packages that PEP 508 requirements name are installed there."""
        return all(self._has(Requirement(text)) for text in dependencies)

    def _has(self, requirement: Requirement) -> bool:
        found = _packages(self.path).get(requirement.name.lower().replace("_", "-"))
        return found is not None and requirement.specifier.contains(found, prereleases=True)


def _ask(path: Path, program: str) -> object:
    """Execute `program` on the interpreter at `path` and return the JSON that it prints."""
    done = subprocess.run(
        [path, "-I", "-c", program], capture_output=True, text=True, timeout=20, check=True, stdin=subprocess.DEVNULL
    )
    return json.loads(done.stdout)


@cache
def _packages(path: Path) -> dict[str, str]:
    found = _ask(path, _PACKAGES)
    assert isinstance(found, dict)
    return found


@cache
def identify(path: Path) -> Python:
    """Execute the interpreter at `path` and return what it is.

    Raises `PleaseStopError` where it cannot be executed or is no Python 3.
    """
    try:
        told = _ask(path, _PROBE)
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        raise PleaseStopError(f"{path}: not a Python that can be run here ({error}).") from None
    assert isinstance(told, dict)
    return Python(
        path=path,
        implementation=told["implementation"],
        version=Version(told["version"]),
        build=told["build"],
        free_threaded=told["free_threaded"],
        system=_SYSTEMS.get(platform.system(), "linux"),
    )


def own() -> Python:
    """Return the Python that runs this program."""
    return identify(Path(sys.executable))


def _candidates() -> Iterator[Path]:
    """Paths where a Python may be, likeliest first: told, on PATH, pyenv's, uv's."""
    for told in os.environ.get("PLEASESTOP_PYTHONS", "").split(os.pathsep):
        if told:
            yield Path(told)
    for minor in MINORS:
        if found := shutil.which(f"python3.{minor}"):
            yield Path(found)
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    yield from pyenv.glob("versions/*/bin/python")
    uv = Path(os.environ.get("UV_PYTHON_INSTALL_DIR", Path.home() / ".local/share/uv/python"))
    yield from uv.glob("*/bin/python")


@cache
def others() -> tuple[Python, ...]:
    """Return every Python 3.8 or newer found on this machine, newest first, one per build.

    They are looked for in `PLEASESTOP_PYTHONS` (paths, separated as in PATH), on PATH, and
    among pyenv's and uv's; each is executed and asked what it is.
    """

    def quietly(path: Path) -> Python | None:
        try:
            return identify(path)
        except PleaseStopError:
            return None  # a pyenv shim for a version that is not switched on, a broken install

    with ThreadPoolExecutor() as pool:
        found = [python for python in pool.map(quietly, _candidates()) if python is not None]
    unique = {(python.build, python.free_threaded): python for python in reversed(found)}
    supported = (python for python in unique.values() if python.version >= Version("3.8"))
    return tuple(sorted(supported, key=lambda python: python.version, reverse=True))


def choose(snippet: Snippet, preferred: Iterable[Python]) -> Python | None:
    """Return the first of `preferred` that admits the snippet, else the newest found, else None."""
    for python in preferred:
        if python.admits(snippet):
            return python
    return next((python for python in others() if python.admits(snippet)), None)
