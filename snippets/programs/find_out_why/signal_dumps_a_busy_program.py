"""After `faulthandler.register(signal.SIGUSR1)`, `kill -USR1 PID` dumps what the program does, and it goes on.

The child stands for your program, the parent for the other terminal. The
parent prints the functions, and leaves out files and lines.
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
import faulthandler, signal
faulthandler.register(signal.SIGUSR1)

def count():
    print("ready", flush=True)
    number = 0
    while True:
        number += 1

count()
"""

command = [sys.executable, "-c", PROGRAM]
with subprocess.Popen(
    command, stdout=PIPE, stderr=PIPE, text=True
) as child:
    assert child.stdout
    assert child.stderr
    child.stdout.readline()
    child.send_signal(signal.SIGUSR1)  # kill -USR1 PID
    child.stderr.readline()  # "Current thread …"
    for line in child.stderr:
        print("in", line.split()[-1])
        if "<module>" in line:
            break
    print("it goes on:", child.poll() is None)
    child.kill()
