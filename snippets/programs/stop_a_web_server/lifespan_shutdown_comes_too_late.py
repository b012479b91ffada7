"""An event that the lifespan's shutdown sets cannot end a stream: uvicorn runs the shutdown after the stream has ended.

The client reads a stream that runs until `stopping` is set. Half a
second after the server was asked to stop the stream still runs, and
only the end of the client's connection ends it.
"""

# /// script
# requires-python = ">=3.11"
# dependencies = ["starlette==1.10.0", "uvicorn==0.54.0"]
# [tool.pleasestop]
# wrong = "misleads"
# seen = "still open: True"
# ///

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.routing import Route

stopping = asyncio.Event()


@asynccontextmanager
async def lifespan(_: Starlette) -> AsyncIterator[None]:
    yield
    print("lifespan: sets the event")
    stopping.set()  # too late


async def ticks() -> AsyncIterator[str]:
    while not stopping.is_set():
        yield "tick\n"
        await asyncio.sleep(0.05)


async def events(_: Request) -> StreamingResponse:
    return StreamingResponse(ticks())


async def main() -> None:
    app = Starlette(routes=[Route("/", events)], lifespan=lifespan)
    listener = socket.create_server(("127.0.0.1", 0))
    host, port = listener.getsockname()
    server = uvicorn.Server(uvicorn.Config(app, log_config=None))
    serving = asyncio.create_task(server.serve([listener]))
    client, writer = await asyncio.open_connection(host, port)
    writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    await client.readuntil(b"tick")
    server.should_exit = True  # as Ctrl-C and SIGTERM do
    await asyncio.wait([serving], timeout=0.5)
    print("client: the stream is still open:", not serving.done())
    writer.close()
    await serving
    print("main: uvicorn has stopped")


asyncio.run(main())
