"""A signal ends `reader.recv` by way of `set_wakeup_fd`; the handler does nothing.

Python itself writes the number of the signal into the socket, whichever
thread the signal reaches. The handler exists so that SIGTERM does not end
the program. `work` sends the signal here.
"""

# /// script
# [tool.pleasestop]
# platforms = ["linux", "macos"]
# ///

import signal
import socket
from threading import Event, Thread

stopping = Event()


def work() -> None:
    signal.raise_signal(signal.SIGTERM)  # do not copy
    stopping.wait()
    print("worker: cleaning up")


reader, writer = socket.socketpair()
writer.setblocking(False)
signal.set_wakeup_fd(writer.fileno())
signal.signal(signal.SIGTERM, lambda *_: None)
Thread(target=work).start()
print("main: got signal", reader.recv(1)[0])
stopping.set()
