"""A threading server ends with its clients connected if it shuts their sockets down before `server_close()`.

`shutdown(SHUT_RDWR)` wakes each handler: its `recv` returns `b""`. The
thread that accepts adds each connection, so after `server.shutdown()`
none is missing.
"""

import socket
from contextlib import suppress
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Lock, Thread
from typing import Any, Set


class Server(ThreadingTCPServer):
    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.lock = Lock()
        self.connections: Set[socket.socket] = set()

    def process_request(self, request: Any, address: Any) -> None:
        with self.lock:
            self.connections.add(request)
        super().process_request(request, address)

    def shutdown_request(self, request: Any) -> None:
        with self.lock:
            self.connections.discard(request)
        super().shutdown_request(request)

    def close_connections(self) -> None:
        with self.lock:
            for connection in self.connections:
                with suppress(OSError):  # the client has gone
                    connection.shutdown(socket.SHUT_RDWR)


class Handler(BaseRequestHandler):
    def handle(self) -> None:
        self.request.sendall(b"hello\n")
        print("handler: read", self.request.recv(100))


server = Server()
thread = Thread(target=server.serve_forever, args=(0.05,))
thread.start()
with socket.create_connection(
    server.socket.getsockname()
) as client:
    client.recv(100)  # its handler is at work
    server.shutdown()  # 1. stop accepting
    server.close_connections()  # 2. wake the handlers
    server.server_close()  # 3. wait for their threads
thread.join()
print("main: the server is closed")
