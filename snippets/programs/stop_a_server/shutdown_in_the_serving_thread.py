"""`shutdown()` of a `socketserver` deadlocks in the thread that runs `serve_forever()`.

The server handles each request in its own thread, so this handler
runs inside `serve_forever()`. `shutdown()` waits for that loop to
end, and the loop waits for the handler. A signal handler, which runs
in the main thread, does the same to a server of the main thread.
"""

# /// script
# [tool.pleasestop]
# wrong = "hangs"
# timeout = 0.7
# ///

import socket
from socketserver import BaseRequestHandler, TCPServer


class Handler(BaseRequestHandler):
    def handle(self) -> None:
        print("handler: calls shutdown", flush=True)
        self.server.shutdown()
        print("handler: never printed")


with TCPServer(("127.0.0.1", 0), Handler) as server:
    client = socket.create_connection(server.socket.getsockname())
    server.serve_forever(poll_interval=0.05)
print("main: never printed")
