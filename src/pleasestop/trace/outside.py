"""Ask a process that runs already where its threads and tasks stand, without stopping it."""

import asyncio
import contextlib
import subprocess
from pathlib import Path

import psutil
from packaging.version import Version

from pleasestop.messages import PleaseStopError
from pleasestop.snippets import interpreters
from pleasestop.snippets.interpreters import Interpreter
from pleasestop.snippets.runner import Standing, shares_of_running

OLDEST = Version("3.14")
"""The oldest Python that can be asked from outside (PEP 768)."""

PROGRAM = Path(__file__).parent / "monitor" / "pleasestop_outside.py"


def ask(pid: int) -> tuple[Standing, ...]:
    """Return where a process and its children stand.

    Raises `PleaseStopError` if there is no such process, it does not run a Python that can be
    asked, or the system does not allow it.
    """
    try:
        first = psutil.Process(pid)
        processes = [first, *first.children(recursive=True)]
        interpreter = _interpreter(first)
    except psutil.Error as error:
        raise PleaseStopError(f"process {pid}: cannot be looked at: {error}.") from None
    if interpreter is None or interpreter.version < OLDEST or interpreter.implementation != "CPython":
        what = "no Python that is known here" if interpreter is None else interpreter.label
        raise PleaseStopError(
            f"process {pid} runs {what}; from outside, only CPython {OLDEST} or newer can be asked. "
            f"`py-spy dump --pid {pid}` shows the calls of its threads."
        )
    busy = asyncio.run(shares_of_running(processes))
    found = []
    for process in processes:
        with contextlib.suppress(psutil.Error):
            command = " ".join(process.cmdline())[:80] or process.name()
            found.append(
                Standing(
                    process.pid, process.ppid(), command, busy[process.pid], _snapshot(process, process == first), ""
                )
            )
    return tuple(found)


def _interpreter(process: psutil.Process) -> Interpreter | None:
    try:
        return interpreters.identify(Path(process.exe()))
    except PleaseStopError:
        return None


def _snapshot(process: psutil.Process, must: bool) -> str:
    """Return the snapshot of a process, "" if it cannot be asked; raises `PleaseStopError` if it `must`."""
    interpreter = _interpreter(process)
    if interpreter is None or interpreter.version < OLDEST:
        return ""
    command = [str(interpreter.path), "-I", str(PROGRAM), str(process.pid)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    if done.returncode != 0 and must:
        reason = done.stderr.strip().rpartition("\n")[2]
        remedy = ""
        if "PermissionError" in done.stderr:
            remedy = (
                " Reading another process needs the right to trace it: use sudo, or in a container the capability "
                "SYS_PTRACE."
            )
        raise PleaseStopError(f"process {process.pid}: cannot be asked ({reason}).{remedy}")
    return done.stdout if done.returncode == 0 else ""
