"""`Timer.cancel()` ends a timer that still waits, and its function is not called."""

from threading import Timer


def hello() -> None:
    print("timer: never printed")


timer = Timer(60, hello)
timer.start()
print("main: waiting:", timer.is_alive())

timer.cancel()
timer.join()  # returns at once, not after a minute
print("main: waiting:", timer.is_alive())
