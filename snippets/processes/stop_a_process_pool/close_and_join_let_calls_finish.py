"""`close()` and `join()` of a `Pool` wait until all calls have run."""

import multiprocessing as mp

if __name__ == "__main__":
    with mp.Pool(processes=2) as pool:
        result = pool.map_async(abs, range(-3, 0))
        pool.close()
        pool.join()
    print("main: results", result.get())
