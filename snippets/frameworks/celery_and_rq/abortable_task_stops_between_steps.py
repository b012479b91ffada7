"""A Celery task on `AbortableTask` can ask between two steps whether it was aborted, and return.

The worker runs in a thread of this program, with a broker and a result
backend in memory. A real one needs a result backend that the client and
the worker share.
"""

# /// script
# requires-python = ">=3.11"
# dependencies = ["celery==5.7.0"]
# ///

from celery import Celery
from celery.contrib.abortable import AbortableTask
from celery.contrib.testing.worker import start_worker

app = Celery(broker="memory://", backend="cache+memory://")
app.conf.broker_transport_options = {"polling_interval": 0.01}


@app.task(bind=True, base=AbortableTask)
def export(task: AbortableTask) -> str:
    while not task.is_aborted():
        sum(range(100_000))  # one step of the work
    return "stopped between two steps"


with start_worker(app, pool="threads", perform_ping_check=False):
    result = export.delay()
    result.abort()
    print("task:", result.get())
    app.control.shutdown()
