"""A loop over `read1` that checks a deadline limits the whole download, to within one read."""

import http.server
import threading
import time
import urllib.request


class Drip(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        while not stop.wait(0.05):
            self.wfile.write(b"x")

    def log_message(self, *_: object) -> None:
        pass


def download(url: str, seconds: float) -> bytes:
    deadline = time.monotonic() + seconds
    body = b""
    with urllib.request.urlopen(url, timeout=seconds) as response:
        while chunk := response.read1(65536):
            body += chunk
            if time.monotonic() > deadline:
                raise TimeoutError
    return body


stop = threading.Event()
with http.server.HTTPServer(("127.0.0.1", 0), Drip) as server:
    thread = threading.Thread(target=server.handle_request)
    thread.start()
    begin = time.monotonic()
    try:
        download(f"http://127.0.0.1:{server.server_port}", 0.3)
    except TimeoutError:
        print("gave up, although the server still sends")
    stop.set()
    thread.join()
