"""SIGABRT makes a program that was started with `-X faulthandler` dump the calls of all threads, and die.

The child stands for your program, which stays as it is. In a
terminal: `python -X faulthandler program.py`, and, when it hangs,
`kill -ABRT PID` from another one.
"""

# /// script
# [tool.pleasestop]
# platforms = ["linux", "macos"]
# ///

import signal
import subprocess
import sys
from subprocess import PIPE

PROGRAM = """
import queue

def next_job(jobs):
    print("ready", flush=True)
    return jobs.get()  # no thread puts a job

def main():
    next_job(queue.Queue())

main()
"""

command = [sys.executable, "-X", "faulthandler", "-c", PROGRAM]
with subprocess.Popen(
    command, stdout=PIPE, stderr=PIPE, text=True
) as child:
    assert child.stdout
    assert child.stderr
    child.stdout.readline()
    child.send_signal(signal.SIGABRT)
    for line in child.stderr:
        if line.startswith("Fatal"):
            print(line, end="")
        elif 'File "<string>"' in line:
            print("  in", line.split()[-1])
print("exit code:", child.returncode)
