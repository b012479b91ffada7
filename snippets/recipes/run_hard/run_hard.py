# SPDX-License-Identifier: 0BSD
# Recipe: run_hard 1.0.5
# Source: Please Stop, recipes/run-hard
# Python: 3.8 or newer
"""Call a function in its own process; end it when time is up."""

import multiprocessing as mp
import os
import pickle
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
    for start in range(0, len(data) + 508, 508):  # all go whole
        sender.send_bytes(data[start : start + 508])


def _exited(child: Any) -> bool:
    with suppress(AttributeError, ChildProcessError):  # old macOS
        flags = os.WEXITED | os.WNOHANG | os.WNOWAIT  # not reaping
        return bool(os.waitid(os.P_PID, child.pid, flags))
    return wait([child.sentinel], 0) != []


def _receive(receiver: Any, child: Any, limit: float) -> Any:
    end, data = time.monotonic() + limit, bytearray()
    with suppress(ProcessLookupError):  # other code reaped it
        while not _exited(child) or receiver.poll():
            if not (time.monotonic() < end or _exited(child)):
                begun = os.getpgid(child.pid) == child.pid
                return child.terminate() if begun else child.kill()
            if receiver.poll(0.01):
                data += (piece := receiver.recv_bytes())
                if not piece:  # the last is empty
                    return bytes(data)
    return b""


def run_hard(
    function: Callable[..., T],
    *args: Any,
    timeout: float,
    grace: float = 1,
) -> T:
    """Return `function(*args)`, called in a process of its own.

    At `timeout` the process gets SIGTERM. `grace` after that or after
    the result, SIGKILL ends its group; it is reaped. POSIX only.

    Args:
        function: What to call. SIGTERM ends it, unless handled.
        args: For the function; pickled, as is its result.
        timeout: Seconds, with the start, which only SIGKILL ends.
        grace: Seconds until SIGKILL.

    Raises:
        TimeoutError: There was no result in time.
        RuntimeError: The child ended without a result that pickles.
        Exception: Of the function (its cause says where) or pickling.
    """
    limits = float(timeout), float(grace)
    receiver, sender = mp.Pipe(duplex=False)
    child = mp.Process(target=_child, args=(sender, function, args))
    with receiver, sender:
        try:
            child.start()
            data = _receive(receiver, child, limits[0])
            end = time.monotonic() + limits[1]
            while not _exited(child) and time.monotonic() < end:
                if receiver.poll(0.002):  # what is sent too late
                    receiver.recv_bytes()
        finally:
            if child.pid is not None:  # it was started
                child.kill()
                with suppress(OSError):  # it has no group yet
                    os.killpg(child.pid, signal.SIGKILL)
                child.join()  # last: this frees the number
    if data is None:
        raise TimeoutError(f"no result in {timeout} seconds")
    if not data:
        raise RuntimeError(f"no result, exit code {child.exitcode}")
    answer: Tuple[T, List[Exception], str] = pickle.loads(data)
    if answer[1]:
        raise answer[1].pop() from RuntimeError(answer[2])
    return answer[0]
