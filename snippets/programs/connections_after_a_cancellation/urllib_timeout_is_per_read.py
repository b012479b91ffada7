"""A server that sends a byte now and then keeps `urlopen` busy for longer than its timeout."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "longer than the timeout: True"
# ///

import http.server
import threading
import time
import urllib.request


class Drip(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("content-length", "8")
        self.end_headers()
        for _ in range(8):
            time.sleep(0.15)
            self.wfile.write(b"x")

    def log_message(self, *_: object) -> None:
        pass


with http.server.HTTPServer(("127.0.0.1", 0), Drip) as server:
    thread = threading.Thread(target=server.handle_request)
    thread.start()
    begin = time.monotonic()
    url = f"http://127.0.0.1:{server.server_port}"
    with urllib.request.urlopen(url, timeout=0.8) as response:
        print("got", len(response.read()), "bytes")
    took = time.monotonic() - begin
    print("longer than the timeout:", took > 0.8)
    thread.join()
