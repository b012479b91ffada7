"""`scheduler.cancel(event)` cancels that event, not one of the same moment."""

import sched
import time

scheduler = sched.scheduler(time.monotonic, time.sleep)
soon = time.monotonic() + 0.1
scheduler.enterabs(soon, 1, print, ("sched: this stays",))
extra = scheduler.enterabs(soon, 1, print, ("sched: not this",))
scheduler.cancel(extra)
scheduler.run()
