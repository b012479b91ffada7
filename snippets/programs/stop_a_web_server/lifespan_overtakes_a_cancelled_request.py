"""After its limit, uvicorn runs the lifespan's shutdown before the cancelled requests have cleaned up.

The request waits until the lifespan has closed the database, and the
lifespan until the request has written: this ends only in that order.
"""

# /// script
# requires-python = ">=3.11"
# dependencies = ["starlette==1.10.0", "uvicorn==0.54.0"]
# [tool.pleasestop]
# wrong = "misleads"
# seen = "request: writes to the closed database"
# ///

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

closed = asyncio.Event()
written = asyncio.Event()


@asynccontextmanager
async def lifespan(_: Starlette) -> AsyncIterator[None]:
    yield
    print("lifespan: closes the database")
    closed.set()
    await written.wait()


async def slow(_: Request) -> Response:
    server.should_exit = True  # as Ctrl-C and SIGTERM do
    try:
        await asyncio.sleep(3600)
        return Response()
    finally:
        await closed.wait()
        print("request: writes to the closed database")
        written.set()


app = Starlette(routes=[Route("/", slow)], lifespan=lifespan)
config = uvicorn.Config(app, log_level="critical")
config.timeout_graceful_shutdown = 0
server = uvicorn.Server(config)
listener = socket.create_server(("127.0.0.1", 0))
with socket.create_connection(listener.getsockname()) as client:
    client.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    server.run(sockets=[listener])
