"""At the end of main, `threading.enumerate` names the threads that the interpreter will wait for."""

import sys
import threading
import traceback
from queue import Queue
from typing import Optional

jobs: "Queue[Optional[str]]" = Queue()
begun = threading.Event()


def work() -> None:
    begun.set()
    while jobs.get() is not None:
        pass


def report() -> None:
    frames = sys._current_frames()
    for thread in threading.enumerate():
        if thread is threading.current_thread() or thread.daemon:
            continue
        assert thread.ident is not None
        for call in traceback.extract_stack(frames[thread.ident]):
            if call.filename == __file__:
                print(f"{thread.name} still runs, in {call.name}")


threading.Thread(target=work, name="worker").start()
begun.wait()
report()  # in your program: the last line of main
jobs.put(None)
