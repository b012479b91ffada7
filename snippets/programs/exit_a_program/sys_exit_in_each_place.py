"""`sys.exit(3)` ends the program in the main thread or a task, not in a thread.

Each place is tried in a program of its own, whose status is printed. A
program that is not ended prints "goes on".
"""

# /// script
# [tool.pleasestop]
# platforms = ["linux", "macos"]
# ///

import subprocess
import sys

PROGRAMS = {
    "main thread": "sys.exit(3)",
    "asyncio task": """import asyncio
async def work(): sys.exit(3)
async def main(): await asyncio.create_task(work())
asyncio.run(main())""",
    "callback of the loop": """import asyncio
async def main():
    asyncio.get_running_loop().call_soon(sys.exit, 3)
    await asyncio.sleep(60)
asyncio.run(main())""",
    "signal handler": """import signal
signal.signal(signal.SIGINT, lambda *_: sys.exit(3))
signal.raise_signal(signal.SIGINT)""",
    "thread": """import threading
thread = threading.Thread(target=sys.exit, args=(3,))
thread.start(); thread.join()""",
    "thread pool": """from concurrent import futures
pool = futures.ThreadPoolExecutor(1)
print(repr(pool.submit(sys.exit, 3).exception()), end=' ')""",
    "atexit function": """import atexit
atexit.register(sys.exit, 3)""",
}

for place, lines in PROGRAMS.items():
    program = f"import sys\n{lines}\nprint('goes on', end=' ')"
    child = subprocess.run(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=False,
        text=True,
    )
    print(f"{place}: {child.stdout}status {child.returncode}")
