"""A deadline that is checked between two reads limits a whole download.

`read1` returns as soon as there is some data, `read` only at the end.
The timeout still limits each wait.
"""

import socket
import time
from contextlib import suppress
from threading import Thread
from urllib.request import urlopen


def drip(server: socket.socket) -> None:
    connection, _ = server.accept()
    with connection, suppress(OSError):  # the client hangs up
        connection.recv(1000)
        connection.sendall(b"HTTP/1.0 200 OK\r\n\r\n")
        while True:
            connection.sendall(b".")
            time.sleep(0.05)


with socket.create_server(("127.0.0.1", 0)) as server:
    thread = Thread(target=drip, args=(server,))
    thread.start()
    url = f"http://127.0.0.1:{server.getsockname()[1]}/"
    deadline = time.monotonic() + 0.5
    try:
        with urlopen(url, timeout=10) as response:
            while response.read1(65536):
                if time.monotonic() > deadline:
                    raise TimeoutError("the download took too long")
    except TimeoutError as error:
        print("main:", error)
thread.join()
