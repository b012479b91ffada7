"""`server_close()` of a `ThreadingTCPServer` waits for a handler whose client stays."""

# /// script
# [tool.pleasestop]
# wrong = "hangs"
# timeout = 0.7
# ///

import socket
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Thread


class Handler(BaseRequestHandler):
    def handle(self) -> None:
        self.request.sendall(b"hello\n")
        self.request.recv(100)  # the client stays


server = ThreadingTCPServer(("127.0.0.1", 0), Handler)
thread = Thread(target=server.serve_forever, args=(0.05,))
thread.start()
client = socket.create_connection(server.socket.getsockname())
client.recv(100)
server.shutdown()
thread.join()
print("main: accepts no more", flush=True)
server.server_close()
print("main: never printed")
