"""A job that calls `remove_job` while `shutdown` waits for it waits for `shutdown` in turn, and both hang.

`Pool` tells the job when the shutdown has begun, so that the job calls at
the wrong moment in every run. `shutdown` holds the lock of the job stores
while it waits; `get_jobs`, `add_job` and `pause_job` need it, too.
"""

# /// script
# requires-python = ">=3.11"
# dependencies = ["apscheduler==3.11.3"]
# [tool.pleasestop]
# wrong = "hangs"
# timeout = 0.7
# ///

from datetime import datetime
from threading import Event

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

started, closing = Event(), Event()


def job() -> None:
    started.set()
    closing.wait()  # else it hangs by chance only
    print("job: its work is done, removes itself", flush=True)
    scheduler.remove_job("once")
    print("job: never printed")


class Pool(ThreadPoolExecutor):  # do not copy
    def shutdown(self, wait: bool = True) -> None:
        closing.set()
        super().shutdown(wait)


scheduler = BackgroundScheduler(executors={"default": Pool()})
scheduler.add_job(
    job,
    "interval",
    hours=1,
    id="once",
    next_run_time=datetime.now(),
    misfire_grace_time=None,
)
scheduler.start()
started.wait()
print("main: shuts down", flush=True)
scheduler.shutdown()
print("main: never printed")
