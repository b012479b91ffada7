# SPDX-License-Identifier: 0BSD
# Recipe: run_group 1.0.2
# Source: Please Stop, recipes/run-group
# Python: 3.8 or newer
"""Run a command; stop its whole process group when time is up."""

import os
import subprocess as sp
from contextlib import nullcontext, suppress
from pathlib import Path
from selectors import EVENT_READ, PollSelector
from signal import SIGKILL, SIGTERM
from time import monotonic
from typing import Any, Optional, cast


def _exited(group: str) -> bool:
    with suppress(OSError):  # too many open files, for example
        stats = list(Path("/proc").glob("[0-9]*/stat"))
        for path in stats:
            with suppress(FileNotFoundError, ProcessLookupError):
                s = path.read_text("latin1").rsplit(")")[-1].split()
                if s[2] == group and (s[0] != "Z" or s[17] != "1"):
                    return False  # a thread of it runs
        return bool(stats)  # not known without /proc
    return False


def _text(pipe: Any, data: bytearray) -> Any:
    if hasattr(pipe, "encoding"):
        text = data.decode(pipe.encoding, pipe.errors)
        return text.replace("\r\n", "\n").replace("\r", "\n")
    return bytes(data) if pipe else None


def run_group(
    args: Any,
    *,
    timeout: Optional[float] = None,
    grace: float = 0.0,
    **options: Any,
) -> "sp.CompletedProcess[Any]":
    """Run a command like `subprocess.run`, and capture its output.

    After `timeout`, or on an exception such as Ctrl-C, the command's
    process group gets SIGTERM, then SIGKILL: after `grace`, on another
    exception, on Linux also when all have exited. Then the command is
    reaped. These run on: what left the group; after a normal end, what
    does not hold the output; what Ctrl-C hits in `Popen`. POSIX only.

    Args:
        args: For `subprocess.Popen`; runs in a session of its own.
        timeout: Seconds until TimeoutExpired, with the output so far.
        grace: Seconds between SIGTERM and SIGKILL.
        options: For `subprocess.Popen`, such as `text`, `shell`, `cwd`.
    """
    proc, pipes = cast(Any, None), cast(Any, PollSelector())
    output, grace = (bytearray(), bytearray()), float(grace)

    def ended() -> bool:  # only this reaps, and frees the number
        return not pipes.get_map() and proc.poll() is not None

    def step(signal: int, done: Any, limit: float) -> None:
        if proc and proc.returncode is None:
            try:
                if signal:
                    os.killpg(proc.pid, signal)
            except OSError:
                proc.send_signal(signal)
            end = monotonic() + float(limit)
            while monotonic() < end and not done():
                for key, _ in pipes.select(0.005):
                    key.data.extend(piece := os.read(key.fd, 65536))
                    if not piece:
                        pipes.unregister(key.fd).fileobj.close()

    options = {"stdout": sp.PIPE, "stderr": sp.PIPE, **options}
    options["start_new_session"] = True
    try:
        try:
            try:
                proc = sp.Popen(args, **options)
                if proc.stdin:  # nobody would write
                    proc.stdin.close()
                for i, p in enumerate((proc.stdout, proc.stderr)):
                    if p:
                        pipes.register(p, EVENT_READ, output[i])
                step(0, ended, 1e9 if timeout is None else timeout)
                stopped = proc.returncode is None
            finally:
                step(SIGTERM, lambda: _exited(str(proc.pid)), grace)
        finally:
            step(SIGKILL, ended, 1.0)
    finally:
        with pipes, proc or nullcontext():  # closes, and reaps
            step(SIGKILL, ended, 0)  # if Ctrl-C was faster
    if stopped and timeout is not None:
        raise sp.TimeoutExpired(args, timeout, *map(bytes, output))
    texts = map(_text, (proc.stdout, proc.stderr), output)
    return sp.CompletedProcess(args, proc.returncode, *texts)
