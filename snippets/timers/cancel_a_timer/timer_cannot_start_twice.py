"""A timer that is cancelled before its start never fires, and no timer starts twice."""

from threading import Timer

timer = Timer(60, print, ["timer: never printed"])
timer.cancel()
timer.start()
timer.join()
print("main: ended without firing")

try:
    timer.start()
except RuntimeError as error:
    print("main:", error)
