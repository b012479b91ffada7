"""A threading server ends with its clients connected if it shuts their sockets down before `server_close()`.

`shutdown(SHUT_RDWR)` wakes each handler: its `recv` returns `b""`.
"""

import socket
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Lock, Thread
from typing import Set


class Server(ThreadingTCPServer):
    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.lock = Lock()
        self.open: Set[socket.socket] = set()

    def close_connections(self) -> None:
        with self.lock:
            for connection in self.open:
                connection.shutdown(socket.SHUT_RDWR)


class Handler(BaseRequestHandler):
    server: Server

    def setup(self) -> None:
        with self.server.lock:
            self.server.open.add(self.request)

    def handle(self) -> None:
        self.request.sendall(b"hello\n")
        print("handler: read", self.request.recv(100))

    def finish(self) -> None:
        with self.server.lock:
            self.server.open.discard(self.request)


server = Server()
thread = Thread(target=server.serve_forever, args=(0.05,))
thread.start()
with socket.create_connection(server.server_address) as client:
    client.recv(100)  # its handler is at work
    server.shutdown()  # 1. stop accepting
    server.close_connections()  # 2. wake the handlers
    server.server_close()  # 3. wait for their threads
thread.join()
print("main: the server is closed")
