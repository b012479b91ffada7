"""A process that signal N ended has the exit status -N in Python and 128 + N in a shell."""

# /// script
# [tool.pleasestop]
# platforms = ["linux", "macos"]
# ///

import subprocess

for name in ("KILL", "TERM", "INT"):
    ends = f"kill -{name} $$"
    python = subprocess.run(
        ["sh", "-c", ends], check=False
    ).returncode
    shell = subprocess.run(
        ["sh", "-c", f"sh -c '{ends}' || exit $?"],
        stderr=subprocess.DEVNULL,
        check=False,
    ).returncode
    print(f"SIG{name}: {python} for Python, {shell} for a shell")
