# SPDX-License-Identifier: 0BSD
# Recipe: stop_process 1.0.0
# Source: Please Stop, recipes/stop-process
# Python: 3.8 or newer
"""Stop a multiprocessing.Process: terminate, wait, kill, wait."""

from multiprocessing.process import BaseProcess
from typing import Optional


def stop_process(
    process: BaseProcess, *, grace: float = 5.0
) -> Optional[int]:
    """Stop a child process, gently first, and return when it is gone.

    The process is told with `terminate()` and has `grace` seconds to
    tidy up; if it is still there then, `kill()` ends it. It is joined,
    so no zombie stays behind. One that has ended is only joined.

    When an exception interrupts the grace, such as the
    `KeyboardInterrupt` of a Ctrl-C, the process is killed and joined
    at once, and the exception goes on. A second one can interrupt
    that last join; the process is dead by then, and the next look at
    it takes the zombie away.

    Force has its price, see `Process.terminate`: what the process
    started runs on, a lock it held stays locked, a queue or pipe it
    was using may be corrupted. With a grandchild that it made by fork,
    the call can take all of `grace` though the process is dead:
    `join(timeout)` waits for a pipe that both hold.

    Several threads may each stop a process of their own; one process
    is waited for by one thread only (gh-148318). It blocks: in
    asyncio, call it in a thread. Written for all platforms, run on
    Linux. Windows has no SIGTERM: there `terminate()` is `kill()`.

    Args:
        process: The process, a child of this one, of any start method.
        grace: Seconds between `terminate()` and `kill()`. Zero or less
            kills at once.

    Returns:
        The exit code, negative for a signal; -9 if it had to be
        killed. None if something else took the exit status away, for
        example an ignored SIGCHLD.

    Raises:
        AssertionError: From `Process.join`: the process was not
            started, or is no child of this one. Nothing is sent.
        ValueError: The process object is closed.
    """
    process.join(0)  # refuses before anything is sent
    try:
        if grace > 0 and process.is_alive():
            process.terminate()
            process.join(grace)
    finally:
        # After the grace, and after a Ctrl-C during it. Has no effect
        # on a process that has been joined.
        process.kill()
        process.join()
    return process.exitcode
