"""A process that ignores both the event and SIGTERM is ended by `kill()`.

`stop` climbs only as far as it must: ask, tell, force.
"""

# /// script
# [tool.pleasestop]
# platforms = ["linux", "macos"]
# ///

import multiprocessing as mp
import signal
import time
from multiprocessing.synchronize import Event


def work(stopping: Event, ready: Event) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    while not stopping.is_set():
        ready.set()
        time.sleep(60)  # looks at the event once a minute


def stop(
    process: mp.Process, stopping: Event, patience: float
) -> None:
    stopping.set()
    process.join(patience)
    if process.is_alive():
        print("main: asked, and still alive")
        process.terminate()
        process.join(patience)
    if process.is_alive():
        print("main: terminated, and still alive")
        process.kill()
        process.join()


if __name__ == "__main__":
    stopping, ready = mp.Event(), mp.Event()
    process = mp.Process(target=work, args=(stopping, ready))
    process.start()
    ready.wait()
    stop(process, stopping, patience=0.2)
    print("main: exit code", process.exitcode)
