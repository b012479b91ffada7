"""`urlopen(timeout)` limits each wait for data, not the whole download."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "took longer than the timeout: True"
# ///

import socket
import time
from threading import Thread
from urllib.request import urlopen

TIMEOUT = 0.5


def drip(server: socket.socket) -> None:
    connection, _ = server.accept()
    with connection:
        connection.recv(1000)
        connection.sendall(b"HTTP/1.0 200 OK\r\n\r\n")
        for _ in range(6):
            time.sleep(0.12)
            connection.sendall(b".")


with socket.create_server(("127.0.0.1", 0)) as server:
    Thread(target=drip, args=(server,)).start()
    began = time.monotonic()
    url = f"http://127.0.0.1:{server.getsockname()[1]}/"
    with urlopen(url, timeout=TIMEOUT) as response:
        print("main: received", response.read())
took = time.monotonic() - began
print("main: took longer than the timeout:", took > TIMEOUT)
