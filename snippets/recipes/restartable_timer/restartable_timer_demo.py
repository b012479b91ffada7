"""`RestartableTimer` calls once after the last restart, and `cancel` returns whether it came in time."""

from threading import Event
from typing import List

from restartable_timer import RestartableTimer

searching, go_on = Event(), Event()
typed: List[str] = []


def search() -> None:
    print("timer: search for", "".join(typed))
    searching.set()
    go_on.wait()
    print("timer: found it")


with RestartableTimer(0.4, search) as timer:
    for key in "cat":
        typed.append(key)
        timer.restart()
    searching.wait()
    print("main: cancelled in time:", timer.cancel())
    timer.restart()
    print("main: cancelled in time:", timer.cancel())
    go_on.set()
print("main: it has ended:", timer.join(0))
