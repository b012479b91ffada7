"""If the job waits on an event, setting the event on a timeout frees the pool."""

from concurrent import futures
from threading import Event

stopping = Event()


def work() -> None:
    stopping.wait(timeout=60)
    print("job: the event is set:", stopping.is_set())


with futures.ThreadPoolExecutor() as pool:
    future = pool.submit(work)
    try:
        future.result(timeout=0.1)
    except futures.TimeoutError:
        print("main: no answer in time")
        stopping.set()
print("main: left the pool")
