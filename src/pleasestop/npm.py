"""Get a package from npm, pinned by its hash; npm itself knows where from."""

import hashlib
import shutil
import subprocess
import tarfile
from collections.abc import Callable, Sequence
from pathlib import Path

from pleasestop.check import make_whole
from pleasestop.errors import PleaseStopError

_PATIENCE = 300  # seconds that a package has to arrive


def fetch(
    package: str, sha512: str, names: Sequence[str], kept: Path, finish: Callable[[Path], None] = lambda _: None
) -> None:
    """Keep the files `names` of a package ("name@version") in the folder `kept`, which is there whole or not at all.

    `finish` may change them before. Raises OSError or `subprocess.SubprocessError` where npm or
    the network is missing, and `PleaseStopError` where the package is not the one that was pinned.
    """
    with make_whole(kept) as whole:
        aside = whole.parent
        command = [shutil.which("npm") or "npm", "pack", package, "--silent", "--fetch-retries=0"]
        subprocess.run(
            [*command, "--pack-destination", aside], check=True, capture_output=True, timeout=_PATIENCE, cwd=aside
        )
        (packed,) = aside.glob("*.tgz")
        if hashlib.sha512(packed.read_bytes()).hexdigest() != sha512:
            raise PleaseStopError(f"the npm package {package} is not the one whose hash is pinned here.")
        with tarfile.open(packed) as archive:
            archive.extractall(aside, [archive.getmember(f"package/{name}") for name in names], filter="data")
        finish(aside / "package")
        (aside / "package").rename(whole)
