"""On Linux, closing stdin does not wake a thread that reads it."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "still reading: True"
# platforms = ["linux", "macos"]
# ///

import os
from threading import Event, Thread

silent, typist = os.pipe()
os.dup2(silent, 0)  # stands for a terminal
about_to_read = Event()


def listen() -> None:
    about_to_read.set()
    print("listener: read", os.read(0, 1000))


thread = Thread(target=listen)
thread.start()
about_to_read.wait()
thread.join(timeout=0.2)  # let it get into the read
os.close(0)
thread.join(timeout=0.2)
print("main: still reading:", thread.is_alive())
os.write(typist, b"a line\n")
thread.join()
