# SPDX-License-Identifier: 0BSD
# Recipe: run_hard 1.0.0
# Source: Please Stop, recipes/run-hard
# Python: 3.8 or newer
"""Call a function in its own process; end it when time is up."""

import multiprocessing as mp
import os
import pickle
import select
import signal
import time
import traceback
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any, Callable, Optional, Tuple, TypeVar

T = TypeVar("T")


def _child(sender: Connection, function: Any, args: Any) -> None:
    os.setsid()
    # Handlers that fork brought along would act for the parent here.
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    try:
        data = pickle.dumps((function(*args), None, ""))
    except Exception as error:
        data = pickle.dumps((None, error, traceback.format_exc()))
        pickle.loads(data)  # can fail where dumps does not
    # In pieces that a pipe takes whole, with their header: where this
    # process is stopped in between, no half one blocks the reader.
    size = select.PIPE_BUF - 4
    for start in range(0, len(data) + size, size):
        sender.send_bytes(data[start : start + size])


def _receive(
    receiver: Connection, timeout: float
) -> Optional[bytes]:
    end, data = time.monotonic() + timeout, bytearray()
    with suppress(EOFError):
        while receiver.poll(max(0.0, end - time.monotonic())):
            piece = receiver.recv_bytes()
            if not piece:  # the last is empty
                return bytes(data)
            data += piece
        return None
    return b""


def run_hard(
    function: Callable[..., T],
    *args: Any,
    timeout: float,
    grace: float = 1,
) -> T:
    """Return `function(*args)`, called in a process that can be ended.

    When the time is up, the process gets SIGTERM. After `grace`, or
    after the result, SIGKILL meets it and what the function started,
    unless that left the group. A Ctrl-C or other exception here kills
    at once, and goes on. The child is reaped; killing its caller does
    not end it. Blocks; safe in threads if forking is. POSIX, on Linux.

    Args:
        function: What to call. SIGTERM ends it, unless it is handled.
        args: For the function; pickled, as is its result.
        timeout: Seconds, with the start. Zero or less ends it at once.
        grace: Seconds until SIGKILL, after SIGTERM or the result.

    Raises:
        TimeoutError: There was no result in time.
        RuntimeError: It ended without, or could not pickle its error.
        Exception: From the function or pickling; its cause tells where.
    """
    receiver, sender = mp.Pipe(duplex=False)
    child = mp.Process(target=_child, args=(sender, function, args))
    with receiver:
        with sender:
            child.start()
        assert child.pid
        try:
            data = _receive(receiver, timeout)
            if data is None:
                child.terminate()
            child.join(grace)
        finally:
            child.kill()  # no effect if it has been joined
            child.join()
            with suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
    if data is None:
        raise TimeoutError(f"no result in {timeout} seconds")
    if not data:
        raise RuntimeError(f"no result, exit code {child.exitcode}")
    answer: Tuple[T, Optional[Exception], str] = pickle.loads(data)
    if answer[1] is not None:
        raise answer[1] from RuntimeError(answer[2])
    return answer[0]
