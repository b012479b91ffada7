# SPDX-License-Identifier: 0BSD
# Recipe: kill_tree 1.0.1
# Source: Please Stop, recipes/kill-tree
# Python: 3.8 or newer
"""Stop a process and all its descendants, with psutil."""

# /// script
# dependencies = ["psutil>=5.9"]
# ///

import time
from contextlib import suppress
from typing import List, Set

import psutil

_Tree = Set[psutil.Process]
_BEYOND = psutil.NoSuchProcess, psutil.AccessDenied
_BUSY = psutil.STATUS_RUNNING, psutil.STATUS_SLEEPING


def _freeze(tree: _Tree) -> None:
    # What is suspended starts nothing more: so in the end the tree is
    # complete, which a list of running processes never is.
    done: _Tree = set()
    while tree - done:
        for process in tree - done:
            done.add(process)
            with suppress(*_BEYOND):
                process.suspend()
                while process.status() in _BUSY:  # a fork goes on
                    time.sleep(0.001)
            with suppress(*_BEYOND):
                tree.update(process.children(recursive=True))


def _lives(process: psutil.Process) -> bool:
    # To psutil a zombie runs, for ever where nobody reaps orphans.
    with suppress(psutil.NoSuchProcess):
        zombie = process.status() == psutil.STATUS_ZOMBIE
        return process.is_running() and not zombie
    return False


def _wait(tree: _Tree, limit: float) -> List[psutil.Process]:
    end, alive, left = time.monotonic() + limit, list(tree), limit
    while alive and left > 0:
        left = end - time.monotonic()
        psutil.wait_procs(alive, timeout=max(0.0, min(left, 0.1)))
        alive = [process for process in alive if _lives(process)]
    return alive


def kill_tree(
    root: psutil.Process, *, grace: float = 5.0
) -> List[psutil.Process]:
    """Stop a process and all that descend from it, gently first.

    All are suspended, so that none starts another; then told to
    terminate, and go on. Who is there after `grace` is killed, with
    its new children. Ctrl-C or another exception kills at once, and
    goes on; a second one can leave some suspended. Not found:
    descendants whose parent had ended before, and those that one
    starts as it ends.

    Only psutil finds descendants on each system, and tells a
    process from a later one with the same number. A child of yours
    is reaped: `root.wait()` has its exit code, `subprocess.Popen`
    says 0 (gh-96863). One thread for one tree. Run on Linux only.

    Args:
        root: The process on top. One that has ended is no error.
        grace: Seconds until SIGKILL. Zero or less kills at once.

    Returns:
        What still runs a second after SIGKILL: you may not signal it.

    Raises:
        ValueError: `root` is this process or an ancestor of it.
    """
    me = psutil.Process()
    if root in (me, *me.parents()):
        raise ValueError("would stop this process, too")
    tree = {root}
    try:
        if grace > 0:
            _freeze(tree)
            for process in tree:
                with suppress(*_BEYOND):
                    process.terminate()
                    process.resume()
            _wait(tree, grace)
    finally:
        _freeze(tree)
        for process in tree:
            with suppress(*_BEYOND):
                process.kill()
        alive = _wait(tree, 1.0)
    return alive
