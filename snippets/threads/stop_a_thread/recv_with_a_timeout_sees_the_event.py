"""A thread that reads a socket sees an event if the socket has a timeout."""

import socket
from threading import Event, Thread

ours, theirs = socket.socketpair()
stopping = Event()
has_tried = Event()


def work() -> None:
    ours.settimeout(0.05)
    while not stopping.is_set():
        try:
            print("worker: received", ours.recv(100))
        except socket.timeout:
            has_tried.set()  # nothing came: check the event again
    print("worker: stopped, the socket is still open")


thread = Thread(target=work)
thread.start()
has_tried.wait()
stopping.set()
thread.join()
ours.close()
theirs.close()
