"""A timer restarted by `cancel()` and a new `Timer` can call twice at the same time."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "timer: saving, 2 at the same time"
# ///

from threading import Event, Semaphore, Timer
from typing import List, Optional

begun = Semaphore(0)
go_on = Event()
saving: List[int] = []


def save() -> None:
    saving.append(1)
    print("timer: saving,", len(saving), "at the same time")
    begun.release()
    go_on.wait()  # a slow disk
    saving.pop()


class Autosave:
    timer: Optional[Timer] = None

    def changed(self) -> None:
        if self.timer is not None:
            self.timer.cancel()
        self.timer = Timer(0.01, save)
        self.timer.start()


document = Autosave()
for _ in range(2):
    document.changed()
    begun.acquire()
go_on.set()
