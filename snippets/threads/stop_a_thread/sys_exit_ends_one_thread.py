"""Outside the main thread, `sys.exit()` ends only its thread, without a message."""

import sys
from threading import Thread


def work() -> None:
    try:
        sys.exit("this text goes nowhere")
    finally:
        print("worker: finally runs")


thread = Thread(target=work)
thread.start()
thread.join()
print("main: still here, alive:", thread.is_alive())
