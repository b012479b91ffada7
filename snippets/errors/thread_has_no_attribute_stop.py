"""`thread.stop()` raises AttributeError."""

# /// script
# [tool.pleasestop]
# wrong = "fails"
# exit = 1
# seen = "AttributeError: 'Thread' object has no attribute 'stop'"
# ///

from threading import Event, Thread

stopping = Event()
thread = Thread(target=stopping.wait)
thread.start()
try:
    thread.stop()
finally:
    stopping.set()
