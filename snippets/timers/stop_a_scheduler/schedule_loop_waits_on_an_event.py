"""A loop around `schedule.run_pending()` that waits on an event ends when the event is set."""

# /// script
# dependencies = ["schedule==1.2.2"]
# ///

from threading import Event, Thread

import schedule

ran, stopping = Event(), Event()


def loop() -> None:
    while not stopping.is_set():
        schedule.run_pending()
        stopping.wait(1)  # in place of time.sleep(1)


schedule.every().second.do(ran.set)
thread = Thread(target=loop)
thread.start()
print("main: the job ran:", ran.wait())
stopping.set()  # ends the wait, too
thread.join()
print("main: the scheduler has ended")
