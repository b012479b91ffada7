"""A forked child keeps a listening port in use after its parent has closed the socket."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "OSError: [Errno 98] Address already in use"
# platforms = ["linux"]
# ///

import multiprocessing
import socket
from typing import Any


def listen(address: Any) -> socket.socket:
    listener = socket.socket()
    listener.bind(address)
    listener.listen()
    return listener


fork = multiprocessing.get_context("fork")
first = listen(("127.0.0.1", 0))
address = first.getsockname()
ours, theirs = fork.Pipe()
child = fork.Process(target=theirs.recv)
child.start()

first.close()
try:
    listen(address).close()
except OSError as error:
    print(f"child alive: {type(error).__name__}: {error}")

ours.send("stop")
child.join()
listen(address).close()
print("child ended: the port is free")
