"""Work on Please Stop: `python dev.py serve`, `build`, `test`, `approve NAME`, ...

Needs Python 3.11 or newer and nothing else. The first call makes a virtual environment in
`.venv` and installs what `requirements.lock` pins, with hashes; later calls use it as long
as that file, `pyproject.toml` and the Python stay the same.

    python dev.py serve          build the site, serve it, build again what changes
    python dev.py build          build the site into `site/`
    python dev.py test           run all tests; further arguments go to pytest
    python dev.py test --quick   run the tests of engine and content: no browser, no second generator
    python dev.py test NAME      run one snippet, and the checks of its page

Every other command is one of `pleasestop`; `python dev.py --help` lists them.
"""

import hashlib
import os
import re
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
LOCK = ROOT / "requirements.lock"
STAMP = VENV / "installed"
# Half of the tests wait for programs and pages, so two cores have work for three processes. Files
# keep their order: sorted by how many tests they have, the slowest file would be the last.
PARALLEL = ["--numprocesses=3", "--dist=loadfile", "--no-loadscope-reorder"]


def main() -> int:
    """Run the command that is named; return its exit status."""
    if sys.version_info < (3, 11):  # noqa: UP036 (a person may call this with an older one)
        print(f"Please Stop needs Python 3.11 or newer to build; this is {sys.version.split()[0]}.")
        return 2
    if len(sys.argv) < 2:
        print(__doc__)
        return 2
    if sys.argv[1] in ("-h", "--help"):
        print(__doc__, flush=True)
    if not install():
        return 1
    command = [str(PYTHON), "-m", *words(sys.argv[1:])]
    if os.name == "nt":
        return subprocess.run(command, cwd=ROOT, check=False).returncode
    os.chdir(ROOT)
    # Become the program, so that Ctrl-C and SIGTERM reach it and its status is ours.
    return os.execv(PYTHON, command)


def words(arguments: list[str]) -> list[str]:
    """Return the module and the arguments that a command stands for."""
    command, *rest = arguments
    if command != "test":
        return ["pleasestop", *arguments]
    if rest[:1] == ["--quick"]:
        return ["pytest", *PARALLEL, "-m", "not slow and not thorough", *rest[1:]]
    if rest and re.fullmatch(r"[a-z][a-z0-9_]*", rest[0]) and not (ROOT / rest[0]).exists():
        return [
            "pytest",
            "tests/content/test_snippets.py",
            "tests/content/test_pages.py",
            f"--only={rest[0]}",
            *rest[1:],
        ]
    return ["pytest", *PARALLEL, *rest]


def install() -> bool:
    """Create `.venv` as `requirements.lock` says, unless it is so already; print what failed."""
    digest = hashlib.sha256(sys.version.encode())
    for path in (LOCK, ROOT / "pyproject.toml"):
        digest.update(path.read_bytes())
    if STAMP.exists() and STAMP.read_text() == digest.hexdigest():
        return True
    print(f"Installing what {LOCK.name} pins into {VENV.name}/ (once; half a minute, 0.5 GB) ...", flush=True)
    try:
        if VENV.is_symlink():  # what it leads to belongs to somebody else
            VENV.unlink()
        venv.create(VENV, clear=True, with_pip=True)
        pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "--require-hashes", "-r", LOCK], check=True)
        subprocess.run([*pip, "--no-deps", "--no-build-isolation", "--editable", ROOT], check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"The installation failed: {error}.\nFix what is said above and call again; it starts over.")
        return False
    STAMP.write_text(digest.hexdigest())
    return True


if __name__ == "__main__":
    sys.exit(main())
