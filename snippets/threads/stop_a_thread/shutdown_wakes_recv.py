"""`shutdown(SHUT_RDWR)` wakes a thread that is blocked in `recv`.

No data is waiting, so `recv` returns no bytes, as if the other side had
closed the connection.
"""

import socket
from threading import Thread

ours, theirs = socket.socketpair()


def work() -> None:
    while data := ours.recv(100):
        print("worker: received", data)
    print("worker: recv returned nothing, closing")
    ours.close()


thread = Thread(target=work)
thread.start()
ours.shutdown(socket.SHUT_RDWR)
thread.join()
theirs.close()
print("main: the thread has ended")
