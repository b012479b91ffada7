"""After `shutdown_now` no queued call begins; you stop the running ones that it returns, and wait for them."""

from concurrent.futures import ThreadPoolExecutor, wait
from threading import Event

from shutdown_now import shutdown_now

begun, stopping = Event(), Event()


def work(number: int) -> None:
    print("job", number, "begins")
    begun.set()
    stopping.wait()
    print("job", number, "ends early")


with ThreadPoolExecutor(max_workers=1) as pool:
    futures = [pool.submit(work, number) for number in range(5)]
    begun.wait()
    try:
        raise KeyboardInterrupt  # stands for Ctrl-C
    except KeyboardInterrupt:
        running = shutdown_now(pool, futures)
        print("main: still running:", len(running))
        stopping.set()
done, not_done = wait(futures)
cancelled = sum(future.cancelled() for future in done)
print(f"main: {cancelled} cancelled, {len(not_done)} not done")
