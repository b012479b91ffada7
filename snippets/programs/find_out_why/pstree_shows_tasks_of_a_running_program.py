"""`python -m asyncio pstree PID` shows what each task of another process waits for.

Nothing was added to the other program. Its parent may read its memory; from
another terminal, you may need `sudo`. The last statement is what the
command line runs.
"""

# /// script
# requires-python = ">=3.14"
# [tool.pleasestop]
# platforms = ["linux"]
# ///

import contextlib
import io
import runpy
import subprocess
import sys

PROGRAM = """
import asyncio

async def read(answer):
    await answer.wait()

async def main():
    task = asyncio.create_task(read(asyncio.Event()), name="reader")
    asyncio.get_running_loop().call_later(0.01, print, "ready")
    await task

asyncio.run(main())
"""

child = subprocess.Popen(
    [sys.executable, "-u", "-c", PROGRAM], stdout=subprocess.PIPE
)
assert child.stdout
child.stdout.readline()
sys.argv = ["asyncio", "pstree", str(child.pid)]
printed = io.StringIO()
with (
    contextlib.redirect_stdout(printed),
    contextlib.suppress(SystemExit),
):
    runpy.run_module("asyncio", run_name="__main__")
for line in printed.getvalue().splitlines():
    print(line.split(" /")[0].split(" <")[0])  # without the paths
child.kill()
child.communicate()
