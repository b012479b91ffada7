# SPDX-License-Identifier: 0BSD
# Recipe: stop_process 1.1.1
# Source: Please Stop, recipes/stop-process
# Python: 3.8 or newer
"""Stop a multiprocessing.Process: terminate, wait, kill, wait."""

import math
import time
from multiprocessing.process import BaseProcess
from typing import Optional


def stop_process(
    process: BaseProcess, *, grace: float = 5.0
) -> Optional[int]:
    """Stop a child process, and return when it has ended.

    `terminate()` sends SIGTERM, and the process has `grace` seconds to
    clean up. If it still runs then, `kill()` ends it. It is joined in
    both cases, so it does not become a zombie. A process that has
    ended is only joined.

    When an exception interrupts this after the first signal, such as
    the KeyboardInterrupt of a Ctrl-C, the process is killed and joined
    at once, and the exception is raised. A second exception can
    interrupt that; after the kill, only the join is then missing.

    Force has its price, see `Process.terminate`: processes that the
    process started run on, a lock that it held stays locked, and a
    queue or pipe that it was using may be corrupted.

    Several threads may each stop a process of their own; only one
    thread may wait for a process (gh-148318). Do not use it where
    other code reaps your children, or SIGCHLD is ignored: the call
    then lasts all of `grace`, and the number of a process that ended
    can belong to another one, which would then get the signals.

    It blocks, and looks every 1 to 50 milliseconds whether the process
    has ended: in asyncio, call it in a thread. Written for all
    platforms, run on Linux. On Windows, `terminate()` is `kill()`.

    Args:
        process: A child of this process, of any start method.
        grace: Seconds between `terminate()` and `kill()`. Zero or less
            kills at once. `math.inf` means no limit: only an exception
            such as Ctrl-C kills then.

    Returns:
        The exit code, negative for a signal: -9 if it was killed. None
        if other code took the exit status.

    Raises:
        AssertionError: From `Process.join`: the process was not
            started, or is not a child of this one. Nothing is sent.
        ValueError: The process object is closed, or `grace` is NaN.
            Nothing is sent.
    """
    if math.isnan(grace):
        raise ValueError("grace is not a number")
    end, delay = time.monotonic() + float(grace), 0.001
    process.join(0)  # raises before anything is sent
    try:
        try:
            if grace > 0 and process.is_alive():
                process.terminate()
                # Not join(grace): it trusts a pipe that the process
                # can close early, and that its own children can hold.
                while process.is_alive() and time.monotonic() < end:
                    time.sleep(delay)
                    delay = min(2 * delay, 0.05)
        finally:
            process.kill()  # no effect if it has been joined
    finally:
        process.kill()  # a Ctrl-C can come just before the first
        process.join()
    return process.exitcode
