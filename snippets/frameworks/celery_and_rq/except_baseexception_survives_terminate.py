"""`revoke(terminate=True)` raises `SystemExit` in a task of a prefork worker, and `except BaseException` swallows it.

It sends SIGTERM to the process of the task. Here the program installs
the handlers of such a process, and sends the signal.
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

from billiard.common import reset_signals
from celery import Celery

app = Celery(broker="memory://", backend="cache+memory://")


def send(page: int) -> None:
    if page == 2:  # here comes revoke(terminate=True)
        signal.raise_signal(signal.SIGTERM)
    print("task: sent page", page)


@app.task
def export() -> None:
    for page in range(1, 5):
        try:
            send(page)
        except BaseException as error:
            print("task: skips page", page, type(error).__name__)


reset_signals()  # as a process of a prefork worker does
print("state:", export.apply().state)
