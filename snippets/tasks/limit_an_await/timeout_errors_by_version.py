"""From Python 3.11, `except TimeoutError` catches asyncio's and the pools'.

It never catches those of `subprocess` and `multiprocessing`, which are
classes of their own.
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
