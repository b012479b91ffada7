"""A `ThreadingHTTPServer` does not wait for its handlers, and the end of the program cuts them off.

Its threads are daemons. `daemon_threads = False` makes `server_close()`
wait for them.
"""

# /// script
# [tool.pleasestop]
# wrong = "leaks"
# leaves = ["thread"]
# ///

import socket
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

working = Event()


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        print("handler: writing a file", flush=True)
        working.set()
        Event().wait()  # a long piece of work
        print("handler: never printed")


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
thread = Thread(target=server.serve_forever, args=(0.05,))
thread.start()
with socket.create_connection(
    server.socket.getsockname()
) as client:
    client.sendall(b"GET / HTTP/1.0\r\n\r\n")
    working.wait()
    server.shutdown()
    thread.join()
    server.server_close()
print("main: the server is closed")
