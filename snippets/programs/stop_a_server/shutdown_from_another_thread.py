"""`shutdown()` of a `socketserver` returns in a thread that does not run `serve_forever()`."""

import socket
from socketserver import BaseRequestHandler, TCPServer
from threading import Event, Thread

stopping = Event()


class Handler(BaseRequestHandler):
    def handle(self) -> None:
        print("handler: asks for the end", flush=True)
        stopping.set()


with TCPServer(("127.0.0.1", 0), Handler) as server:
    thread = Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    with socket.create_connection(server.socket.getsockname()):
        stopping.wait()
    server.shutdown()  # returns when serve_forever has ended
    thread.join()
print("main: the server is closed")
