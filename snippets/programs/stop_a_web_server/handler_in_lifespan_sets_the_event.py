"""A signal handler that the lifespan's startup puts before uvicorn's own ends the streams in time.

This needs no subclass, so it works with `uvicorn main:app`. uvicorn
raises the signal again when it has stopped: SIGTERM ends the process.
"""

# /// script
# requires-python = ">=3.11"
# dependencies = ["starlette==1.10.0", "uvicorn==0.54.0"]
# [tool.pleasestop]
# exit = -15
# platforms = ["linux", "macos"]
# ///

import asyncio
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import FrameType

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.routing import Route

stopping = asyncio.Event()


@asynccontextmanager
async def lifespan(_: Starlette) -> AsyncIterator[None]:
    loop = asyncio.get_running_loop()
    theirs = signal.getsignal(signal.SIGTERM)  # uvicorn's

    def stop(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(stopping.set)
        if callable(theirs):
            theirs(number, frame)

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    yield
    print("lifespan: cleans up", flush=True)


async def messages() -> AsyncIterator[str]:
    yield "hello\n"
    signal.raise_signal(signal.SIGTERM)  # as kill does
    await stopping.wait()
    print("stream: ends by itself", flush=True)


async def events(_: Request) -> StreamingResponse:
    return StreamingResponse(messages())


app = Starlette(routes=[Route("/", events)], lifespan=lifespan)
listener = socket.create_server(("127.0.0.1", 0))
with socket.create_connection(listener.getsockname()) as client:
    client.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    uvicorn.run(app, fd=listener.fileno(), log_config=None)
