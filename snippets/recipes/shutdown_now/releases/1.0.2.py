# SPDX-License-Identifier: 0BSD
# Recipe: shutdown_now 1.0.2
# Source: Please Stop, recipes/shutdown-now
# Python: 3.8 or newer
"""Shut down an executor without running its queue."""

from concurrent.futures import Executor, Future
from typing import Iterable, List, TypeVar

T = TypeVar("T")


def shutdown_now(
    pool: Executor, futures: "Iterable[Future[T]]"
) -> "List[Future[T]]":
    """Shut down a pool, cancel queued calls, return the running ones.

    Afterwards the pool accepts no calls, and those of the given futures
    that have not begun never begin. This call neither waits nor stops a
    running job: do both with what it returns.

    The cancelled futures raise `CancelledError` at once. `wait` and
    `as_completed` count them as done when a worker has taken them from
    the queue. Calls whose futures are not given here still run.

    Any thread can call it, repeatedly, and a job too; its own future is
    then among those returned. A signal handler must not call it: if it
    has interrupted `submit`, both wait for one lock, forever. If Ctrl-C
    interrupts it, a second call does the rest. Works on every platform.

    The end of a `with` block waits for the running jobs of a thread
    pool, but not for those of a process pool that was shut down
    before. A process pool keeps up to `max_workers + 1` calls ready
    that count as running; it needs Python 3.9, because before
    `shutdown(wait=False)` broke it (bpo-39104).

    Args:
        pool: The executor.
        futures: What its `submit` returned; some may be done. Not what
            `loop.run_in_executor` returned, which cancels no call.

    Returns:
        Those that are neither cancelled nor done, in the order given.
    """
    given = list(futures)
    pool.shutdown(wait=False)
    # Not cancel_futures: `wait` and `as_completed` wait forever for what
    # it cancels, seen up to Python 3.15.0 (gh-87893).
    return [
        one for one in given if not (one.cancel() or one.done())
    ]
