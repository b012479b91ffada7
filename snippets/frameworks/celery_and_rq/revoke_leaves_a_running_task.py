"""`revoke` does not stop a task that is running, and the threads pool cannot terminate one.

`reply=True` waits for the answer of the worker, so the error is seen.
Without it, the error is in the log of the worker only.
"""

# /// script
# requires-python = ">=3.11"
# dependencies = ["celery==5.7.0"]
# [tool.pleasestop]
# wrong = "misleads"
# seen = "task: ran to its end, SUCCESS"
# ///

from threading import Event

from celery import Celery
from celery.contrib.testing.worker import start_worker

app = Celery(broker="memory://", backend="cache+memory://")
app.conf.broker_transport_options = {"polling_interval": 0.01}
started = Event()
revoked = Event()


@app.task
def export() -> str:
    started.set()
    revoked.wait()  # the work
    return "ran to its end"


def revoke(task_id: str, terminate: bool = False) -> None:
    answers = app.control.revoke(
        task_id, terminate=terminate, reply=True, limit=1
    )
    for answer in answers[0].values():
        print("worker:", *answer.values())


with start_worker(
    app, pool="threads", perform_ping_check=False, loglevel="FATAL"
):
    result = export.apply_async(task_id="export-1")
    started.wait()
    revoke("export-1")
    revoke("export-1", terminate=True)
    revoked.set()
    print(f"task: {result.get()}, {result.state}")
    app.control.shutdown()
