"""`join()` raises RuntimeError in a thread that joins itself."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "RuntimeError: cannot join current thread"
# ///

import threading


def work() -> None:
    for thread in threading.enumerate():
        if thread is not threading.main_thread():
            thread.join()


thread = threading.Thread(target=work, name="worker")
thread.start()
thread.join()
