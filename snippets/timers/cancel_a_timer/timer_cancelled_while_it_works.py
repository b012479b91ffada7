"""`cancel()` does not stop a timer's function that has begun."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "timer: finished all the same"
# ///

from threading import Event, Timer

begun = Event()
go_on = Event()


def work() -> None:
    print("timer: begun")
    begun.set()
    go_on.wait()
    print("timer: finished all the same")


timer = Timer(0, work)
timer.start()
begun.wait()
timer.cancel()
print("main: cancelled the timer")
go_on.set()
timer.join()
