"""While a thread matches a regular expression, a timeout in another thread does not expire.

`re` holds the interpreter's lock (the GIL) during the whole match. The
main thread cannot continue, so it does not get to its TimeoutError.
"""

# /// script
# [tool.pleasestop]
# wrong = "hangs"
# timeout = 0.7
# ///

import re
from concurrent import futures


def search() -> bool:
    return re.match("(a+)+$", "a" * 50 + "!") is not None


pool = futures.ThreadPoolExecutor()
print("main: waits 0.1 s for the result", flush=True)
future = pool.submit(search)
try:
    future.result(timeout=0.1)
except futures.TimeoutError:
    print("main: never printed")
