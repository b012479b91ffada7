"""A function in a module reaches a worker, whatever its start method is."""

import subprocess
import sys
import tempfile
from pathlib import Path

MODULE = """
def square(number):
    return number * number
"""
CELL = """
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from work import square

spawn = get_context("spawn")
with ProcessPoolExecutor(1, mp_context=spawn) as pool:
    print(pool.submit(square, 7).result())
"""

with tempfile.TemporaryDirectory() as folder:
    Path(folder, "work.py").write_text(MODULE)
    subprocess.run(
        [sys.executable, "-c", CELL], cwd=folder, check=True
    )
