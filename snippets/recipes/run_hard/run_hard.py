# SPDX-License-Identifier: 0BSD
# Recipe: run_hard 1.0.4
# Source: Please Stop, recipes/run-hard
# Python: 3.8 or newer
"""Call a function in its own process; end it when time is up."""

import multiprocessing as mp
import os
import pickle
import select
import signal
import time
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from traceback import format_exc
from typing import Any, Callable, List, Tuple, TypeVar

T = TypeVar("T")


def _child(sender: Connection, function: Any, args: Any) -> None:
    signal.set_wakeup_fd(-1)  # this and handlers are the parent's
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.setsid()
    try:
        data = pickle.dumps((function(*args), [], ""))
    except Exception as error:
        data = pickle.dumps((None, [error], format_exc()))
        pickle.loads(data)  # can fail where dumps does not
    size = select.PIPE_BUF - 4  # pieces that a pipe takes whole
    for start in range(0, len(data) + size, size):
        sender.send_bytes(data[start : start + size])


def _receive(receiver: Any, child: Any, limit: float) -> Any:
    end, data = time.monotonic() + limit, bytearray()
    with suppress(EOFError, ProcessLookupError):
        while True:
            exited = child.exitcode is not None  # EOF can be late
            left = 0.0 if exited else end - time.monotonic()
            if receiver.poll(min(max(0.0, left), 0.05)):
                data += (piece := receiver.recv_bytes())
                if not piece:  # the last is empty
                    return bytes(data)
            elif exited:
                return b""
            elif not left > 0:
                begun = os.getpgid(child.pid) == child.pid
                return child.terminate() if begun else child.kill()
    return b""


def run_hard(
    function: Callable[..., T],
    *args: Any,
    timeout: float,
    grace: float = 1,
) -> T:
    """Return `function(*args)`, called in a process of its own.

    At `timeout` the process gets SIGTERM. `grace` after that or after
    the result, SIGKILL ends its group; it is reaped. An exception such
    as Ctrl-C kills at once, unless it comes in the kill. POSIX only.

    Args:
        function: What to call. SIGTERM ends it, unless handled.
        args: For the function; pickled, as is its result.
        timeout: Seconds, with the start, which only SIGKILL ends.
        grace: Seconds until SIGKILL.

    Raises:
        TimeoutError: There was no result in time.
        RuntimeError: The child ended without a result that pickles.
        Exception: From the function or pickling; its cause tells where.
    """
    receiver, sender = mp.Pipe(duplex=False)
    child = mp.Process(target=_child, args=(sender, function, args))
    with receiver:
        try:
            with sender:
                child.start()
            data = _receive(receiver, child, timeout)
            end = time.monotonic() + grace
            while child.exitcode is None and time.monotonic() < end:
                if wait([child.sentinel], 0.01):
                    break
        finally:
            if child.pid is not None:  # it was started
                child.kill()  # no effect if it has been joined
                child.join()
                with suppress(ProcessLookupError):
                    os.killpg(child.pid, signal.SIGKILL)
    if data is None:
        raise TimeoutError(f"no result in {timeout} seconds")
    if not data:
        raise RuntimeError(f"no result, exit code {child.exitcode}")
    answer: Tuple[T, List[Exception], str] = pickle.loads(data)
    if answer[1]:
        raise answer[1].pop() from RuntimeError(answer[2])
    return answer[0]
