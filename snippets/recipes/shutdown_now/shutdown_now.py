# SPDX-License-Identifier: 0BSD
# Recipe: shutdown_now 1.0.0
# Source: Please Stop, recipes/shutdown-now
# Python: 3.8 or newer
"""Stop an executor without working off its queue."""

from concurrent.futures import Executor, Future
from typing import Iterable, List, TypeVar

T = TypeVar("T")


def shutdown_now(
    pool: Executor, futures: "Iterable[Future[T]]"
) -> "List[Future[T]]":
    """Shut a pool down, cancel what is queued, return what still runs.

    From now on the pool accepts nothing, and of the futures given here
    nothing begins that has not begun. This call does not wait, and
    asks no running job to stop: do both with what it returns.

    The cancelled futures raise `CancelledError` at once. `wait` and
    `as_completed` count them as done too, as soon as a worker is free
    to drop them. Calls whose futures are not given here are worked off.

    Call it again as often as you like, from any thread, or from a job,
    whose own future is then among those returned. If Ctrl-C interrupts
    it, a second call does the rest. Works on every platform.

    The end of a `with` block waits for the running jobs of a thread
    pool, but not for those of a process pool that was shut down
    before. A process pool keeps up to `max_workers + 1` calls ready
    that count as running; it needs Python 3.9, because before
    `shutdown(wait=False)` broke it (bpo-39104).

    Args:
        pool: The executor.
        futures: What its `submit` returned; those that are done may be
            among them.

    Returns:
        Those that are neither cancelled nor done, in the order given.
    """
    given = list(futures)
    pool.shutdown(wait=False)
    # Not cancel_futures: `wait` and `as_completed` never count what it
    # cancels as done, up to Python 3.15.0 (gh-87893).
    return [
        one for one in given if not (one.cancel() or one.done())
    ]
