"""Get a package from npm, pinned by its hash; npm itself knows the registry."""

import hashlib
import shutil
import subprocess
import tarfile
from collections.abc import Callable, Sequence
from pathlib import Path

from pleasestop.files import atomic_folder
from pleasestop.messages import PleaseStopError

_LIMIT = 300  # seconds that a package has to arrive


def fetch(
    package: str, sha512: str, names: Sequence[str], folder: Path, finish: Callable[[Path], None] = lambda _: None
) -> None:
    """Put the files `names` of a package ("name@version") into `folder`, which appears whole or not at all.

    A name that ends in a slash is a folder, with all that is below it.
    `finish` may change the files before. Raises OSError or `subprocess.SubprocessError` where
    npm or the network is missing, and `PleaseStopError` where the package has another hash.
    """
    with atomic_folder(folder) as target:
        parent = target.parent
        command = [shutil.which("npm") or "npm", "pack", package, "--silent", "--fetch-retries=0"]
        subprocess.run(
            [*command, "--pack-destination", parent], check=True, capture_output=True, timeout=_LIMIT, cwd=parent
        )
        (packed,) = parent.glob("*.tgz")
        if hashlib.sha512(packed.read_bytes()).hexdigest() != sha512:
            raise PleaseStopError(f"npm {package}: its SHA-512 differs from the one that is pinned; do not use it.")
        with tarfile.open(packed) as archive:
            members = [member for name in names for member in _members(archive, f"package/{name}")]
            archive.extractall(parent, members, filter="data")
        finish(parent / "package")
        (parent / "package").rename(target)


def _members(archive: tarfile.TarFile, name: str) -> list[tarfile.TarInfo]:
    if not name.endswith("/"):
        return [archive.getmember(name)]
    return [member for member in archive.getmembers() if member.name.startswith(name)]
