"""On Linux, closing a socket does not wake a thread that is blocked in `recv`."""

# /// script
# [tool.pleasestop]
# wrong = "hangs"
# timeout = 0.7
# platforms = ["linux", "macos"]
# ///

import socket
from threading import Event, Thread

ours, theirs = socket.socketpair()
about_to_read = Event()


def work() -> None:
    about_to_read.set()
    data = ours.recv(100)
    print("worker: recv returned", data)


thread = Thread(target=work)
thread.start()
about_to_read.wait()
thread.join(timeout=0.2)  # let it get into recv
ours.close()
print("main: closed the socket")
thread.join()
print("main: never printed")
