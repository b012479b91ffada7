"""Seen on Python 3.10.13 and newer: `scheduler.cancel(event)` drops that event only.

Seen on 3.8.18 and 3.9.18, it drops the first event that has the same time
and priority.
"""

import sched
import time

scheduler = sched.scheduler(time.monotonic, time.sleep)
soon = time.monotonic() + 0.1
scheduler.enterabs(soon, 1, print, ("sched: this stays",))
extra = scheduler.enterabs(soon, 1, print, ("sched: not this",))
scheduler.cancel(extra)
scheduler.run()
