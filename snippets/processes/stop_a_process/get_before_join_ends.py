"""`join()` returns after the parent has read what the child put into a queue."""

import multiprocessing as mp


def work(results: "mp.Queue[bytes]") -> None:
    results.put(bytes(10_000_000))


if __name__ == "__main__":
    results: "mp.Queue[bytes]" = mp.Queue()
    process = mp.Process(target=work, args=(results,))
    process.start()
    print("main: received", len(results.get()), "bytes")
    process.join()
    print("main: exit code", process.exitcode)
