"""A thread that has started cannot become a daemon thread."""

# /// script
# [tool.pleasestop]
# wrong = "fails"
# exit = 1
# seen = "RuntimeError: cannot set daemon status of active thread"
# ///

from threading import Event, Thread

stopping = Event()
thread = Thread(target=stopping.wait)
thread.start()
try:
    thread.daemon = True
finally:
    stopping.set()
