# SPDX-License-Identifier: 0BSD
# Recipe: kill_tree 1.0.4
# Source: Please Stop, recipes/kill-tree
# Python: 3.8 or newer
"""Stop a process and all its descendants, with psutil."""

# /// script
# dependencies = ["psutil>=5.9"]
# ///

import time
from contextlib import suppress
from typing import Dict, List, Set

import psutil

_Tree = Dict[psutil.Process, None]  # parents before children
_BEYOND = psutil.NoSuchProcess, psutil.AccessDenied
_BUSY = psutil.STATUS_RUNNING, psutil.STATUS_SLEEPING


def _freeze(tree: _Tree) -> None:
    done: Set[psutil.Process] = set()
    while new := tree.keys() - done:  # those start no other
        done |= new
        for process in new:
            with suppress(*_BEYOND):
                process.suspend()
                while process.status() in _BUSY:  # a fork goes on
                    time.sleep(0.001)
                    process.suspend()  # it may have been resumed
        for process in list(tree):
            with suppress(*_BEYOND):
                if _lives(process) and process.parent() not in tree:
                    found = process.children(recursive=True)
                    tree.update(dict.fromkeys(found))


def _lives(process: psutil.Process) -> bool:
    with suppress(psutil.NoSuchProcess):
        if process.status() == psutil.STATUS_ZOMBIE:
            return process.num_threads() > 1  # main one ended
        return process.is_running()
    return False


def _wait(tree: _Tree, limit: float) -> List[psutil.Process]:
    end, alive = time.monotonic() + limit, list(tree)
    while alive and (left := end - time.monotonic()) > 0:
        psutil.wait_procs(alive, timeout=min(left, 0.02))
        alive = [process for process in alive if _lives(process)]
    return alive


def kill_tree(
    root: psutil.Process, *, grace: float = 5.0
) -> List[psutil.Process]:
    """Stop a process and its descendants: SIGTERM, then SIGKILL.

    All are suspended, so that none starts another, then terminated
    and resumed. What runs after `grace` is killed, with new children.
    An exception such as Ctrl-C kills at once; a second one can leave
    some suspended. Not found: descendants whose parent had exited
    before, and those that a process starts as it exits.
    A child of yours is reaped: `root.wait()` has its exit code, but
    `subprocess.Popen` reports 0 (gh-96863). Run on Linux only.

    Args:
        root: The top process. It may have exited already.
        grace: Seconds until SIGKILL. Zero or less kills at once.

    Returns:
        What runs a second after SIGKILL, or may not be signalled.

    Raises:
        ValueError: `root` is this process or an ancestor of it.
    """
    limit = float(grace)
    if root in (me := psutil.Process(), *me.parents()):
        raise ValueError("would stop this process, too")
    tree: _Tree = {root: None}
    try:
        if limit > 0:
            _freeze(tree)
            for process in tree:
                with suppress(*_BEYOND):
                    process.terminate()
            # Children first: those in a group of their own would get
            # SIGHUP if they were suspended when their parent exits.
            for process in reversed(tree):
                with suppress(*_BEYOND):
                    process.resume()
            _wait(tree, limit)
    finally:
        _freeze(tree)
        for process in tree:
            with suppress(*_BEYOND):
                process.kill()
        alive = _wait(tree, 1.0)
    return alive
