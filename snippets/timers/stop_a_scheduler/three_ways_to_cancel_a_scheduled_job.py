"""`cancel_job`, a returned `CancelJob` and `clear` with a tag each take jobs off the schedule."""

# /// script
# dependencies = ["schedule==1.2.2"]
# ///

from typing import Type

import schedule


def once() -> Type[schedule.CancelJob]:
    print("once: runs a single time")
    return schedule.CancelJob


backup = schedule.every().hour.do(print, "backup: never printed")
schedule.every().hour.do(once)
schedule.every().day.do(print, "report: never").tag("reports")
schedule.every().day.do(print, "cleanup: runs each time")

schedule.cancel_job(backup)
schedule.clear("reports")
for _ in range(2):
    schedule.run_all()  # calls each job, due or not
print("jobs left:", len(schedule.get_jobs()))
