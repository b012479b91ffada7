"""Two commands: `python dev.py serve` and `python dev.py test`.

Needs Python 3.11 or newer and nothing else. The first call makes a virtual environment in
`.venv` and installs what `requirements.lock` pins, with hashes; later calls use it as long
as that file, `pyproject.toml` and the Python stay the same. What follows `serve`, `build` or
`test` is handed on to `mkdocs serve`, `mkdocs build` or `pytest`.
"""

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
LOCK = ROOT / "requirements.lock"
STAMP = VENV / "installed"
COMMANDS = {
    "serve": ["mkdocs", "serve"],
    "build": ["mkdocs", "build", "--strict"],
    # Half of it waits for programs and pages, so two cores have work for three, and files do not disturb each
    # other. They go in their order: sorted by how many tests they have, the slowest file would be the last.
    "test": ["pytest", "--numprocesses=3", "--dist=loadfile", "--no-loadscope-reorder"],
}


def main() -> int:
    """Run the command that was asked for; return its exit status."""
    if sys.version_info < (3, 11):  # noqa: UP036 (whoever reads this runs an older one)
        print(f"Please Stop needs Python 3.11 or newer to build; this is {sys.version.split()[0]}.")
        return 2
    if len(sys.argv) < 2 or sys.argv[1] not in COMMANDS:
        print(__doc__)
        return 2
    if not install():
        return 1
    module, *arguments = COMMANDS[sys.argv[1]]
    # Material announces MkDocs 2 at each build; whoever reads this site need not know.
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    command = [str(PYTHON), "-m", module, *arguments, *sys.argv[2:]]
    if os.name == "nt":
        return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
    os.chdir(ROOT)
    # Become the program, so that Ctrl-C and SIGTERM reach it and its status is ours.
    return os.execve(PYTHON, command, environment)


def install() -> bool:
    """Make `.venv` as `requirements.lock` says, unless it is so already; say what failed."""
    told = hashlib.sha256(sys.version.encode())
    for path in (LOCK, ROOT / "pyproject.toml"):
        told.update(path.read_bytes())
    if STAMP.exists() and STAMP.read_text() == told.hexdigest():
        return True
    print(f"Installing what {LOCK.name} pins into {VENV.name}/ (once, about half a minute) ...", flush=True)
    try:
        venv.create(VENV, clear=True, with_pip=True)
        pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "--require-hashes", "-r", LOCK], check=True)
        subprocess.run([*pip, "--no-deps", "--no-build-isolation", "--editable", ROOT], check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"The installation failed: {error}.\nMend what is said above and call again; it begins anew.")
        return False
    STAMP.write_text(told.hexdigest())
    return True


if __name__ == "__main__":
    sys.exit(main())
