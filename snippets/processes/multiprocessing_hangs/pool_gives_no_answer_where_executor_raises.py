"""When a call ends its worker, `Pool` gives no answer, and an executor raises.

`os._exit` stands for a crash in C code. After `sys.exit`, the executor
raises SystemExit, and its worker lives on.
"""

import multiprocessing as mp
import os
import sys
from concurrent.futures import ProcessPoolExecutor


def crash() -> None:
    os._exit(1)


def leave() -> None:
    sys.exit(1)


if __name__ == "__main__":
    for call in (crash, leave):
        with ProcessPoolExecutor(max_workers=1) as executor:
            error = executor.submit(call).exception()
            print(
                call.__name__, "in executor:", type(error).__name__
            )
        with mp.Pool(processes=1) as pool:
            result = pool.apply_async(call)
            result.wait(timeout=0.5)
            print(call.__name__, "in Pool: ready:", result.ready())
