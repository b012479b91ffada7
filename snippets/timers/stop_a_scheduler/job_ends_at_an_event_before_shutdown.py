"""`remove_job` does not interrupt a running job of APScheduler; an event that the job checks ends it, and then `shutdown` returns.

A `BlockingScheduler` treats its jobs alike. `remove_job` raises
`JobLookupError` for a job that is gone, such as one with the trigger
"date" that has begun.
"""

# /// script
# requires-python = ">=3.11"
# dependencies = ["apscheduler==3.11.3"]
# ///

import os
from datetime import datetime
from threading import Event, Thread

from apscheduler.schedulers.background import BackgroundScheduler

started, stopping = Event(), Event()


def report() -> None:
    started.set()
    stopping.wait()  # real work checks it between steps
    print("job: saw the event, returns")


scheduler = BackgroundScheduler()
scheduler.add_job(
    report,
    "interval",
    hours=1,
    id="report",
    next_run_time=datetime.now(),
    misfire_grace_time=None,  # run it, however late
)
scheduler.start()
started.wait()

scheduler.remove_job("report")
print("main: removed, jobs left:", scheduler.get_jobs())
stopping.set()
ending = Thread(target=scheduler.shutdown, daemon=True)
ending.start()
ending.join(5)  # at most 5 seconds
if ending.is_alive():
    os._exit(1)  # a job hangs: leave without cleanup
print("main: the scheduler has ended")
