"""A waiting timer that a `finally` cancels does not keep the program alive."""

from threading import Timer


def too_slow() -> None:
    print("timer: never printed")


timer = Timer(60, too_slow)
timer.start()
try:
    print("main: the work is done")
finally:
    timer.cancel()
