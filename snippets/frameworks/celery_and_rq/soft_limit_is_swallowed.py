"""`except Exception` swallows `SoftTimeLimitExceeded`, and the task carries on to its end.

A soft time limit, as in `@app.task(soft_time_limit=60, time_limit=70)`,
sends SIGUSR1 to the process of the task. Here the program installs the
handler of such a process, and sends the signal.
"""

# /// script
# requires-python = ">=3.11"
# dependencies = ["celery==5.7.0"]
# [tool.pleasestop]
# wrong = "misleads"
# seen = "SUCCESS"
# platforms = ["linux", "macos"]
# ///

import signal

from billiard.pool import soft_timeout_sighandler
from celery import Celery

app = Celery(broker="memory://", backend="cache+memory://")


def send(page: int) -> None:
    if page == 2:  # here the soft time limit is over
        signal.raise_signal(signal.SIGUSR1)
    print("task: sent page", page)


@app.task
def export() -> None:
    for page in range(1, 5):
        try:
            send(page)
        except Exception as error:
            print("task: skips page", page, repr(error))


signal.signal(signal.SIGUSR1, soft_timeout_sighandler)
print("state:", export.apply().state)
