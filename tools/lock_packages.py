"""Lock the packages that snippets use: write `snippets/requirements.lock` from `snippets/requirements.in`.

    .venv/bin/python tools/lock_packages.py             keep each version that still fits
    .venv/bin/python tools/lock_packages.py --upgrade   take the newest releases

Snippets pin what they require, so with `--upgrade` their pins are rewritten. The names of the
snippets that changed are printed, for `python dev.py approve`.
"""

import re
import subprocess
import sys
from pathlib import Path

from uv import find_uv_bin

from pleasestop.snippets.interpreters import OLDEST
from pleasestop.snippets.parse import pinned_versions

SNIPPETS = Path("snippets")

_PIN = re.compile(r'"([\w.-]+)==([^"]+)"')


def main() -> None:
    """Lock, rewrite the pins of snippets, and print the names of the snippets that changed."""
    lock = SNIPPETS / "requirements.lock"
    # One lock for all Pythons and systems.
    universal = ["--universal", "--python-version", str(OLDEST), "--generate-hashes", "--no-header", "--no-annotate"]
    subprocess.run(
        [find_uv_bin(), "pip", "compile", "--quiet", *universal, *sys.argv[1:], lock.with_suffix(".in"), "-o", lock],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    pinned = pinned_versions(lock)
    for path in sorted(SNIPPETS.rglob("*.py")):
        if "releases" in path.parts:
            continue
        before = path.read_text(encoding="utf-8")
        after = re.sub(
            r"^# .*==.*$",  # a line of a PEP 723 block
            lambda line: _PIN.sub(lambda pin: f'"{pin[1]}=={pinned.get(pin[1], pin[2])}"', line[0]),
            before,
            flags=re.MULTILINE,
        )
        if after != before:
            path.write_text(after, encoding="utf-8")
            print(path.stem)


if __name__ == "__main__":
    main()
