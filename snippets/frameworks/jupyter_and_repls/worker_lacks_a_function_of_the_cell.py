"""A worker that is not forked cannot find a function that was defined in a notebook, a REPL or `python -c`."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "BrokenProcessPool"
# ///

import subprocess
import sys

CELL = """
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

def square(number):
    return number * number

spawn = get_context("spawn")
with ProcessPoolExecutor(1, mp_context=spawn) as pool:
    print(pool.submit(square, 7).result())
"""

done = subprocess.run(
    [sys.executable, "-c", CELL],
    stderr=subprocess.PIPE,
    text=True,
    check=False,
)
for line in done.stderr.splitlines():
    if line.startswith("AttributeError") or "BrokenProcess" in line:
        print(line.split(" on ")[0].split(":")[0], flush=True)
