"""With `timeout_graceful_shutdown`, uvicorn cancels a request that runs longer, and stops.

Without it, uvicorn waits for the response for as long as the client
stays. The client here connects before the server starts, and stays.
"""

# /// script
# requires-python = ">=3.11"
# dependencies = ["starlette==1.10.0", "uvicorn==0.54.0"]
# ///

import asyncio
import socket

import uvicorn
from starlette.types import Receive, Scope, Send


async def app(_: Scope, __: Receive, ___: Send) -> None:
    server.should_exit = True  # as Ctrl-C and SIGTERM do
    await asyncio.sleep(3600)  # a response that does not end


config = uvicorn.Config(app, lifespan="off", log_level="critical")
config.timeout_graceful_shutdown = 1  # second
server = uvicorn.Server(config)
listener = socket.create_server(("127.0.0.1", 0))
with socket.create_connection(listener.getsockname()) as client:
    client.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    server.run(sockets=[listener])
print("main: uvicorn has stopped")
