# SPDX-License-Identifier: 0BSD
# Recipe: run_cmd 1.0.0
# Source: Please Stop, recipes/run-cmd
# Python: 3.8 or newer
"""Run a command in asyncio; on timeout or cancel, end all of it."""

import asyncio
import os
import signal
import subprocess
from contextlib import suppress
from typing import Any, Optional


class _Command(asyncio.SubprocessProtocol):
    def __init__(self) -> None:
        self.output = {1: bytearray(), 2: bytearray()}
        self.ended = asyncio.get_running_loop().create_future()
        self.request: Optional[asyncio.CancelledError] = None

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        self.output[fd] += data

    def connection_lost(self, exc: Optional[Exception]) -> None:
        self.ended.set_result(exc)  # it exited, all pipes closed

    async def wait(
        self, what: "asyncio.Future[Any]", limit: Optional[float]
    ) -> None:
        try:
            await asyncio.wait({what}, timeout=limit)
        except asyncio.CancelledError as request:
            self.request = request  # run_cmd raises it at its end


async def run_cmd(
    program: str,
    *args: str,
    timeout: Optional[float] = None,
    grace: float = 0.0,
    **options: Any,
) -> "subprocess.CompletedProcess[bytes]":
    """Run a command like `subprocess.run`, and capture its output.

    When the time is up or the caller is cancelled, the command's
    process group gets SIGTERM, and after `grace` SIGKILL. The call
    ends when the command is gone and reaped; then `CancelledError`
    goes on, and the output is lost. A second request cuts the grace
    short, more change nothing. What left the group (`setsid`) lives
    on, and after a normal end what runs in the background with its
    output elsewhere. Not thread-safe. POSIX only, run on Linux.

    Args:
        program: What to run: no shell, its own session, empty stdin.
        args: Its arguments.
        timeout: Seconds, None for no limit. With zero or less the
            command is started and stopped at once.
        grace: Seconds between SIGTERM and SIGKILL.
        options: More for `subprocess.Popen`, such as `cwd`, `env`.

    Raises:
        subprocess.TimeoutExpired: With the output so far.
        OSError: The command cannot be started, or not be signalled
            (PermissionError), and then may be left running.
    """
    loop, command = asyncio.get_running_loop(), _Command()
    # Cancelled half-way, a start can hang (gh-103847), and kills the
    # command without its group. So it is seen through, as a task.
    argv = [program, *args]
    options.update(stdin=subprocess.DEVNULL, start_new_session=True)
    start = loop.create_task(
        loop.subprocess_exec(lambda: command, *argv, **options)
    )
    while not start.done():
        await command.wait(start, None)
    if command.request and (start.cancelled() or start.exception()):
        raise command.request
    transport, ended = start.result()[0], command.ended
    try:
        if not command.request:
            await command.wait(ended, timeout)
        stopped = not ended.done()
        # The last second is for reading what is still in the pipes.
        steps = (signal.SIGTERM, grace), (signal.SIGKILL, 1.0)
        for signum, limit in steps if stopped else ():
            with suppress(ProcessLookupError):
                os.killpg(transport.get_pid(), signum)
            await command.wait(ended, limit)
    finally:
        transport.close()  # what left the group may hold the pipes
    while not ended.done():
        await command.wait(ended, None)
    if command.request:
        raise command.request
    out, err = bytes(command.output[1]), bytes(command.output[2])
    if stopped and timeout is not None:
        raise subprocess.TimeoutExpired(argv, timeout, out, err)
    code = transport.get_returncode()
    assert code is not None
    return subprocess.CompletedProcess(argv, code, out, err)
