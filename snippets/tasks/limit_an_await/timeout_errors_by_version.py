"""On 3.11.7 and newer, `except TimeoutError` also catches `asyncio.TimeoutError`.

The same holds for `concurrent.futures.TimeoutError`; `socket.timeout`
is caught on 3.10.13 and newer. The timeouts of `subprocess` and `multiprocessing`
are separate classes on every version.
"""

import asyncio
import concurrent.futures
import multiprocessing
import socket
import subprocess

for name, error in [
    ("asyncio.TimeoutError", asyncio.TimeoutError),
    ("futures.TimeoutError", concurrent.futures.TimeoutError),
    ("socket.timeout", socket.timeout),
    ("subprocess.TimeoutExpired", subprocess.TimeoutExpired),
    ("multiprocessing.TimeoutError", multiprocessing.TimeoutError),
]:
    caught = issubclass(error, TimeoutError)
    print(f"{name}: {'caught' if caught else 'not caught'}")
