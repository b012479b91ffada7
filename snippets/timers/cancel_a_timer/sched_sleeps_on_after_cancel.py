"""`scheduler.cancel()` does not wake a `run()` that sleeps until that event."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "main: run() still sleeps: True"
# ///

import sched
import time
from threading import Event, Thread

asleep = Event()


def sleep(seconds: float) -> None:
    asleep.set()
    time.sleep(seconds)


scheduler = sched.scheduler(time.monotonic, sleep)
event = scheduler.enter(1.5, 1, print, ("sched: never printed",))
thread = Thread(target=scheduler.run)
thread.start()
asleep.wait()

scheduler.cancel(event)
print("main: nothing is scheduled:", scheduler.empty())
thread.join(timeout=0.2)
print("main: run() still sleeps:", thread.is_alive())
thread.join()
