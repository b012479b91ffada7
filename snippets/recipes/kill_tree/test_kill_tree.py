# SPDX-License-Identifier: 0BSD
"""What `kill_tree` promises, one test each."""

import math
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any, List

import psutil
import pytest

from kill_tree import kill_tree

module: Any = sys.modules["kill_tree"]
LONG = 60.0  # seconds; no test waits that long

REST = "exec sleep 1000"
REFUSE = "trap '' TERM; READY; exec sleep 1000"
# Short sleeps: what is forked as the signal comes may not notice it.
TIDY = "trap 'exit 3' TERM; READY; while :; do sleep 0.01; done"


class _Tree:
    """A shell and what it starts; all share a pipe, which ends with them."""

    def __init__(self, script: str, ready: int) -> None:
        self.read, self.write = os.pipe()
        say = f"echo > /dev/fd/{self.write}"
        self.root = psutil.Popen(
            ["sh", "-c", script.replace("READY", say)],
            pass_fds=[self.write],
        )
        while ready:
            ready -= len(os.read(self.read, ready))

    def all_gone(self) -> bool:
        """Wait until no process has the pipe."""
        os.close(self.write)
        while os.read(self.read, 100):
            pass
        os.close(self.read)
        return True


def _soon(start: float) -> bool:
    return time.monotonic() - start < LONG / 3


def test_stops_all() -> None:
    """The process, its children and their children are gone when it returns."""
    tree = _Tree(
        f"(READY; {REST}) & sh -c '(READY; {REST}) & READY; wait' &"
        " READY; wait",
        ready=4,
    )
    start = time.monotonic()
    assert kill_tree(tree.root, grace=LONG) == []
    assert _soon(start)
    assert tree.root.returncode == -signal.SIGTERM
    assert tree.all_gone()


def test_lets_them_clean_up() -> None:
    """A process that handles SIGTERM can clean up during the grace, and chooses its exit code."""
    tree = _Tree(TIDY, ready=1)
    assert kill_tree(tree.root, grace=LONG) == []
    assert tree.root.returncode == 3
    assert tree.all_gone()


def test_kills_who_refuses() -> None:
    """A process that ignores SIGTERM is killed after the grace."""
    tree = _Tree(f"({REFUSE}) & {REFUSE}", ready=2)
    start = time.monotonic()
    assert kill_tree(tree.root, grace=0.1) == []
    assert time.monotonic() - start > 0.09
    assert tree.root.returncode == -signal.SIGKILL
    assert tree.all_gone()


def test_the_child_refuses() -> None:
    """A child that refuses is killed, though its parent has ended and is forgotten."""
    tree = _Tree(f"({REFUSE}) & READY; wait", ready=2)
    assert kill_tree(tree.root, grace=0.05) == []
    assert tree.root.returncode == -signal.SIGTERM
    assert tree.all_gone()


@pytest.mark.parametrize("grace", [0, 0.0, -1])
def test_no_grace(grace: float) -> None:
    """A grace of zero or less kills at once, without SIGTERM."""
    tree = _Tree(f"({TIDY}) & {TIDY}", ready=2)
    assert kill_tree(tree.root, grace=grace) == []
    assert tree.root.returncode == -signal.SIGKILL
    assert tree.all_gone()


def test_grace_is_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """The grace is given by name, and is five seconds unless it is given."""
    waits: List[Any] = []
    wait = module._wait

    def noted(tree: Any, limit: float) -> Any:
        waits.append(limit)
        return wait(tree, limit)

    monkeypatch.setattr(module, "_wait", noted)
    tree = _Tree(f"READY; {REST}", ready=1)
    with pytest.raises(TypeError):
        kill_tree(tree.root, 1)  # type: ignore[call-arg]
    assert kill_tree(tree.root) == []
    assert waits == [5.0, 1.0]
    assert tree.all_gone()


def test_left_the_session() -> None:
    """A descendant in a session of its own is found, where `killpg` would miss it."""
    tree = _Tree(
        "setsid sh -c 'READY; exec sleep 1000' & READY; wait",
        ready=2,
    )
    assert kill_tree(tree.root, grace=LONG) == []
    assert tree.all_gone()


def test_own_group(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A child in a process group of its own gets SIGTERM, not SIGHUP, when its parent exits first."""
    child = tmp_path / "child.sh"
    code = (
        "import os, time\n"
        "if os.fork() == 0:\n"
        "    os.setpgid(0, 0)\n"
        f"    os.execvp('sh', ['sh', '{child}'])\n"
        "time.sleep(1000)"
    )
    (tmp_path / "parent.py").write_text(code)
    tree = _Tree(
        f"exec {sys.executable} -S {tmp_path}/parent.py", 0
    )
    child.write_text(
        f"trap 'echo bye > /dev/fd/{tree.write}; exit' TERM;"
        f" echo > /dev/fd/{tree.write};"
        " while :; do sleep 0.01; done"
    )
    assert os.read(tree.read, 1)
    resume = psutil.Process.resume

    def and_exit(process: psutil.Process) -> None:
        resume(process)
        if process == tree.root:
            process.wait()

    monkeypatch.setattr(psutil.Process, "resume", and_exit)
    assert kill_tree(tree.root, grace=LONG) == []
    os.close(tree.write)
    with os.fdopen(tree.read) as file:
        assert file.read() == "bye\n"


@pytest.mark.parametrize("grace", [math.inf, math.nan])
def test_odd_grace(grace: float) -> None:
    """`math.inf` sets no limit; a grace that is not a number counts as zero."""
    tree = _Tree(f"READY; {REST}", ready=1)
    assert kill_tree(tree.root, grace=grace) == []
    number = signal.SIGTERM if grace > 0 else signal.SIGKILL
    assert tree.root.returncode == -number
    assert tree.all_gone()


def test_suspended() -> None:
    """A process that was suspended is resumed, so that it can clean up."""
    tree = _Tree(TIDY, ready=1)
    tree.root.suspend()
    assert kill_tree(tree.root, grace=LONG) == []
    assert tree.root.returncode == 3
    assert tree.all_gone()


def test_forking_all_the_time() -> None:
    """A process that starts one child after the other does not get away with one."""
    tree = _Tree(
        "READY; i=0; while [ $i -lt 100 ];"
        " do sleep 1000 & i=$((i+1)); done; wait",
        ready=1,
    )
    assert kill_tree(tree.root, grace=0) == []
    assert tree.all_gone()


def test_started_during_the_grace() -> None:
    """A child that a process starts while it refuses to end is killed with it."""
    tree = _Tree(
        "trap '(READY; exec sleep 1000) &' TERM; READY;"
        " while :; do sleep 0.01; done",
        ready=1,
    )
    wait = module._wait
    calls: List[float] = []

    def until_it_has_one(tree_: Any, limit: float) -> Any:
        if not calls:
            os.read(tree.read, 1)  # the new child says so
        calls.append(limit)
        return wait(tree_, limit)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_wait", until_it_has_one)
        assert kill_tree(tree.root, grace=0.05) == []
    assert calls == [0.05, 1.0]
    assert tree.all_gone()


def test_freezes_until_nothing_is_new(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is started while the tree is being suspended is found, too."""
    tree = _Tree(
        "trap '(READY; exec sleep 1000) &' USR1; READY;"
        " while :; do sleep 0.01; done",
        ready=1,
    )
    suspend = psutil.Process.suspend
    done: List[int] = []

    def late(process: psutil.Process) -> None:
        if not done:  # another gets in just before it is suspended
            process.send_signal(signal.SIGUSR1)
            os.read(tree.read, 1)
        done.append(process.pid)
        suspend(process)

    monkeypatch.setattr(psutil.Process, "suspend", late)
    assert kill_tree(tree.root, grace=0) == []
    assert done[0] == tree.root.pid
    assert len(done) > 1
    assert tree.all_gone()


def test_resumed_by_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A process that another program resumes in between is suspended again."""
    tree = _Tree(f"READY; {REST}", ready=1)
    suspend, status = psutil.Process.suspend, psutil.Process.status
    suspended: List[int] = []
    looks: List[int] = []

    def and_resumed(process: psutil.Process) -> None:
        suspend(process)
        suspended.append(process.pid)
        if len(suspended) == 1:
            process.resume()

    def look(process: psutil.Process) -> Any:
        looks.append(process.pid)
        assert len(looks) < 1000
        return status(process)

    monkeypatch.setattr(psutil.Process, "suspend", and_resumed)
    monkeypatch.setattr(psutil.Process, "status", look)
    assert kill_tree(tree.root, grace=0) == []
    assert len(suspended) > 1
    assert tree.all_gone()


def test_main_thread_ended() -> None:
    """A process whose main thread has ended runs as long as its other threads: it has the whole grace."""
    code = """if True:
        import ctypes, os, signal, sys, threading, time
        def rest():
            while True:
                with open("/proc/self/stat") as file:
                    if file.read().split()[2] == "Z":
                        break
            os.write(int(sys.argv[1]), b".")
            time.sleep(1000)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        threading.Thread(target=rest).start()
        ctypes.CDLL(None).pthread_exit(None)"""
    tree = _Tree("READY", 1)
    tree.root.wait()
    tree.root = psutil.Popen(
        [sys.executable, "-c", code, str(tree.write)],
        pass_fds=[tree.write],
    )
    assert os.read(tree.read, 1)
    start = time.monotonic()
    assert kill_tree(tree.root, grace=0.1) == []
    assert time.monotonic() - start > 0.09
    assert tree.root.returncode == -signal.SIGKILL
    assert tree.all_gone()


def test_many_children(monkeypatch: pytest.MonkeyPatch) -> None:
    """The system's list of processes is not read once for each child."""
    loop = "i=0; while [ $i -lt 20 ]; do"
    tree = _Tree(
        f"{loop} sleep 1000 & i=$((i+1)); done; READY; wait",
        ready=1,
    )
    children = psutil.Process.children
    calls: List[int] = []

    def counted(process: psutil.Process, **options: bool) -> Any:
        calls.append(process.pid)
        return children(process, **options)

    monkeypatch.setattr(psutil.Process, "children", counted)
    assert kill_tree(tree.root, grace=0) == []
    assert len(calls) < 5
    assert tree.all_gone()


def test_wrong_grace() -> None:
    """A grace of a wrong type raises TypeError, and nothing is sent."""
    tree = _Tree(f"READY; {REST}", ready=1)
    with pytest.raises(TypeError):
        kill_tree(tree.root, grace=None)  # type: ignore[arg-type]
    assert tree.root.is_running()
    assert kill_tree(tree.root) == []
    assert tree.all_gone()


def test_ended_before() -> None:
    """A process that has ended is no error: nothing is sent, and nothing is left."""
    tree = _Tree("READY", ready=1)
    tree.root.wait()
    assert kill_tree(tree.root, grace=LONG) == []
    assert kill_tree(tree.root, grace=0) == []
    assert tree.all_gone()


def test_zombie() -> None:
    """A process that has exited, and that was not waited for, is reaped."""
    tree = _Tree("READY; exit 7", ready=1)
    os.waitid(os.P_PID, tree.root.pid, os.WEXITED | os.WNOWAIT)
    assert kill_tree(tree.root, grace=LONG) == []
    assert tree.root.returncode == 7
    assert tree.all_gone()


def test_zombie_of_another() -> None:
    """The zombie that another parent leaves has ended: nobody waits for it."""
    code = (
        "import os, time; pid = os.fork()\n"
        "if pid: print(pid, flush=True)\n"
        "time.sleep(1000)"
    )
    parent = subprocess.Popen(
        [sys.executable, "-Sc", code], stdout=subprocess.PIPE
    )
    assert parent.stdout is not None
    root = psutil.Process(int(parent.stdout.readline()))
    start = time.monotonic()
    assert kill_tree(root, grace=LONG) == []
    assert _soon(start)
    assert root.status() == psutil.STATUS_ZOMBIE
    parent.kill()
    parent.wait()
    parent.stdout.close()


def test_same_number() -> None:
    """A process with the number of the one that was meant is not touched."""
    tree = _Tree(f"READY; {REST}", ready=1)
    other: Any = psutil.Process(tree.root.pid)
    other._ident = (other.pid, 1.0)  # started long before
    other._create_time = 1.0
    assert kill_tree(other, grace=0) == []
    assert tree.root.is_running()
    assert kill_tree(tree.root) == []
    assert tree.all_gone()


def test_not_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    """What may not be signalled is returned, and the others are stopped."""
    tree = _Tree(f"(READY; {REST}) & READY; wait", ready=2)
    (child,) = tree.root.children()

    def refused(name: str) -> None:
        method = getattr(psutil.Process, name)

        def refuse(process: psutil.Process) -> None:
            if process == child:
                raise psutil.AccessDenied(process.pid)
            method(process)

        monkeypatch.setattr(psutil.Process, name, refuse)

    for name in ("suspend", "resume", "terminate", "kill"):
        refused(name)
    wait = module._wait

    def briefly(tree_: Any, limit: float) -> Any:
        return wait(tree_, limit / 10)  # the second is one second

    monkeypatch.setattr(module, "_wait", briefly)
    assert kill_tree(tree.root, grace=1) == [child]
    assert tree.root.returncode == -signal.SIGTERM
    os.kill(child.pid, signal.SIGKILL)
    assert tree.all_gone()


def test_interrupted_during_the_grace(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Ctrl-C during the grace kills all at once; `KeyboardInterrupt` goes on."""
    tree = _Tree(f"({REFUSE}) & {REFUSE}", ready=2)
    wait = module._wait

    def interrupted(tree_: Any, limit: float) -> Any:
        # Not a real signal: one that comes just before a wait begins
        # would raise after it.
        if limit == LONG:
            raise KeyboardInterrupt
        return wait(tree_, limit)

    monkeypatch.setattr(module, "_wait", interrupted)
    with pytest.raises(KeyboardInterrupt):
        kill_tree(tree.root, grace=LONG)
    assert tree.root.returncode == -signal.SIGKILL
    assert tree.all_gone()


def test_interrupted_while_suspending(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Ctrl-C while the tree is being suspended leaves none of it suspended: all are killed."""
    tree = _Tree(f"(READY; {REST}) & READY; wait", ready=2)
    suspend = psutil.Process.suspend
    calls: List[int] = []

    def interrupted(process: psutil.Process) -> None:
        suspend(process)
        calls.append(process.pid)
        if len(calls) == 1:
            raise KeyboardInterrupt

    monkeypatch.setattr(psutil.Process, "suspend", interrupted)
    with pytest.raises(KeyboardInterrupt):
        kill_tree(tree.root, grace=LONG)
    assert tree.root.returncode == -signal.SIGKILL
    assert tree.all_gone()


def test_itself() -> None:
    """The current process and its ancestors give ValueError, and are not touched."""
    me = psutil.Process()
    for root in (me, *me.parents()):
        with pytest.raises(ValueError, match="this process"):
            kill_tree(root)


def test_exit_code() -> None:
    """`wait()` of the psutil process has the exit code; a `subprocess.Popen` says 0."""
    child = subprocess.Popen(["sleep", "1000"])
    root = psutil.Process(child.pid)
    assert kill_tree(root, grace=LONG) == []
    assert root.wait() == -signal.SIGTERM
    assert child.wait() == 0


def test_twice_and_in_threads() -> None:
    """Several threads may each stop a tree; a second call finds nothing to do."""
    trees = [_Tree(f"READY; {REST}", ready=1) for _ in range(4)]
    threads = [
        threading.Thread(target=kill_tree, args=(tree.root,))
        for tree in trees
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for tree in trees:
        assert kill_tree(tree.root) == []
        assert tree.root.returncode == -signal.SIGTERM
        os.close(tree.write)
    for tree in trees:
        assert os.read(tree.read, 1) == b""
        os.close(tree.read)


def test_leaves_nothing_many_times() -> None:
    """Fifty calls leave no process, thread or descriptor."""
    files = len(list(Path("/dev/fd").iterdir()))
    for turn in range(50):
        tree = _Tree(f"READY; {REST}", ready=1)
        assert kill_tree(tree.root, grace=LONG * (turn % 2)) == []
        assert tree.all_gone()
    assert len(list(Path("/dev/fd").iterdir())) == files
    assert threading.active_count() == 1
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)
