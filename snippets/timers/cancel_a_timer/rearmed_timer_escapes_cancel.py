"""Cancelling a timer that started its own successor does not stop the ticking."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "main: cancelled the timer\ntimer: tick 2\ntimer: tick 3"
# ///

from queue import Queue
from threading import Timer

ticks: "Queue[int]" = Queue()


def tick(count: int) -> None:
    ticks.put(count)
    if count < 3:  # else it would never end
        Timer(0.05, tick, [count + 1]).start()  # a new timer


timer = Timer(0.05, tick, [1])
timer.start()
print("timer: tick", ticks.get())
timer.cancel()
print("main: cancelled the timer")
print("timer: tick", ticks.get())
print("timer: tick", ticks.get())
