"""The end of the `with` block stops the thread and waits for it; its exception is kept."""

import threading

from stoppable_thread import StoppableThread

beat = threading.Event()


def heartbeat(stopping: threading.Event) -> None:
    while True:
        print("worker: alive")
        beat.set()
        if stopping.wait(timeout=60):  # instead of time.sleep(60)
            break
    print("worker: cleaning up")


def faulty(_: threading.Event) -> None:
    raise ValueError("no such file")


with StoppableThread(heartbeat) as thread:
    beat.wait()
    print("main: leaving the block")
print("main: ended:", not thread.is_alive())

threading.excepthook = lambda args: print("report:", args.exc_value)
with StoppableThread(faulty) as thread:
    thread.join()
print("main: it raised", repr(thread.exception))
