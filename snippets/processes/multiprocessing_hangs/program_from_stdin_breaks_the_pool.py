"""A program that Python reads from stdin cannot start workers by spawn.

Each worker must import the program, and there is no file to import. The
executor raises; a `Pool` starts new workers endlessly.
"""

import subprocess
import sys

PROGRAM = """
import multiprocessing as mp
from concurrent.futures import ProcessPoolExecutor

context = mp.get_context("spawn")
with ProcessPoolExecutor(1, mp_context=context) as pool:
    try:
        print(pool.submit(abs, -1).result())
    except Exception as error:
        print("main:", type(error).__name__)
"""

child = subprocess.run(
    [sys.executable, "-"],
    input=PROGRAM,
    capture_output=True,
    check=False,
    text=True,
)
last_line = child.stderr.splitlines()[-1]
print("worker:", last_line.split(":")[0], "<stdin>" in last_line)
print(child.stdout, end="")
