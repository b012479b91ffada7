"""A thread that sleeps in `time.sleep` stops when its code checks the event, not before."""

import time
from threading import Event, Thread

flag = Event()
in_the_oven = Event()


def bake() -> None:
    while not flag.is_set():
        print("Ben: a tray goes into the oven")
        in_the_oven.set()
        time.sleep(1.0)
        print("Ben: the tray is done")
    print("Ben: sees the flag, washes up")


ben = Thread(target=bake)
ben.start()
in_the_oven.wait()
print("Mia: the flag is up")
flag.set()
ben.join()
