"""A `sched` scheduler that sleeps in `Event.wait` returns when it is empty and the event is set.

If the delay returns early while an event is still scheduled, `run` calls
it again, in a busy loop. So empty the queue first, then set the event.
"""

import sched
import time
from threading import Event, Thread

asleep = Event()
stopping = Event()


def sleep(seconds: float) -> None:
    asleep.set()
    stopping.wait(seconds)


scheduler = sched.scheduler(time.monotonic, sleep)
event = scheduler.enter(60, 1, print, ("sched: never printed",))
thread = Thread(target=scheduler.run)
thread.start()
asleep.wait()

scheduler.cancel(event)
stopping.set()
thread.join()
print("main: run() has returned")

try:
    scheduler.cancel(event)
except ValueError:
    print("main: cancelled twice: ValueError")
