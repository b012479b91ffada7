# SPDX-License-Identifier: 0BSD
# Recipe: run_cmd 1.1.3
# Source: Please Stop, recipes/run-cmd
# Python: 3.8 or newer
"""Run a command in asyncio; stop its process group on timeout."""

import asyncio
import os
import subprocess as sp
from contextlib import suppress
from signal import SIGKILL, SIGTERM
from typing import Any, Optional


class _Command:
    def __init__(self, argv: Any, kw: Any) -> None:
        self.loop = asyncio.get_running_loop()
        self.process = sp.Popen(argv, shell=False, text=False, **kw)
        self.cancelled: Any = None
        pipes = self.process.stdout, self.process.stderr
        self.output = [(pipe, bytearray()) for pipe in pipes]
        self.open = {p: data for p, data in self.output if p}
        for pipe in self.open:
            self.loop.add_reader(pipe, self.read, pipe)

    def read(self, pipe: Any, size: int = 65536) -> None:
        self.open[pipe] += (data := os.read(pipe.fileno(), size))
        if not data:
            del self.open[pipe]
            self.loop.remove_reader(pipe)
            pipe.close()

    def ended(self) -> bool:
        return not self.open and self.process.poll() is not None

    def group_ended(self) -> bool:
        with suppress(OSError):  # only `poll` frees the number
            if self.process.poll() is not None:
                os.killpg(self.process.pid, 0)
            return False
        return True

    async def wait(self, ended: Any, limit: float) -> None:
        end, delay = self.loop.time() + limit, 0.001
        try:
            while not ended() and self.loop.time() < end:
                await asyncio.sleep(delay)
                delay = min(2 * delay, 0.02)
        except asyncio.CancelledError as error:
            self.cancelled = error.args  # AnyIO needs its message


async def run_cmd(
    program: str,
    *args: str,
    timeout: Optional[float] = None,
    grace: float = 0.0,
    **options: Any,
) -> "sp.CompletedProcess[bytes]":
    """Run a command like `subprocess.run`, and capture its output.

    After `timeout` or when the caller is cancelled, the command's
    process group gets SIGTERM, and SIGKILL after `grace`. The call ends
    when the command is reaped. A second cancellation ends the grace.
    Processes that left the group run on; after a normal end, those
    without the output; after a KeyboardInterrupt, all. POSIX only.

    Args:
        program: Run without a shell, in its own session.
        args: Its arguments.
        timeout: Seconds until TimeoutExpired, with the output so far.
        grace: Seconds between SIGTERM and SIGKILL.
        options: For `Popen`; stdin is empty, or a file, not PIPE.
    """
    pipes = dict.fromkeys(("stdout", "stderr"), sp.PIPE)
    options = {"stdin": sp.DEVNULL, **pipes, **options}
    argv, options["start_new_session"] = [program, *args], True
    limit = float("inf" if timeout is None else timeout)
    steps = (SIGTERM, float(grace)), (SIGKILL, 0.0)
    child = _Command(argv, options)
    try:
        await child.wait(child.ended, limit)
        stopped = not child.ended()
        for number, limit in steps:
            if stopped and not child.group_ended():
                with suppress(ProcessLookupError):  # it ended now
                    os.killpg(child.process.pid, number)
                await child.wait(child.group_ended, limit)
        await child.wait(child.ended, 1.0)  # reads the rest
    finally:
        for pipe in list(child.open):
            child.read(pipe, 0)  # closes it
    while not child.ended():
        await child.wait(child.ended, 1.0)
    if child.cancelled is not None:
        raise asyncio.CancelledError(*child.cancelled)
    out = [bytes(data) for _, data in child.output]
    if stopped and timeout is not None:
        raise sp.TimeoutExpired(argv, timeout, *out)
    return sp.CompletedProcess(argv, child.process.returncode, *out)
