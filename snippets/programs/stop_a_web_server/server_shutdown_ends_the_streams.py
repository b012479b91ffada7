"""A subclass of `uvicorn.Server` can set an event before it waits for the open streams."""

# /// script
# requires-python = ">=3.11"
# dependencies = ["starlette==1.10.0", "uvicorn==0.54.0"]
# ///

import asyncio
import socket
from collections.abc import AsyncIterator

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.routing import Route

stopping = asyncio.Event()


class Server(uvicorn.Server):
    async def shutdown(
        self, sockets: list[socket.socket] | None = None
    ) -> None:
        stopping.set()  # ask the streams to end
        await super().shutdown(sockets)


async def messages() -> AsyncIterator[str]:
    yield "hello\n"
    await stopping.wait()  # or a message, whichever comes first
    yield "goodbye\n"


async def events(_: Request) -> StreamingResponse:
    return StreamingResponse(messages())


async def main() -> None:
    app = Starlette(routes=[Route("/", events)])
    listener = socket.create_server(("127.0.0.1", 0))
    host, port = listener.getsockname()
    server = Server(uvicorn.Config(app, log_config=None))
    serving = asyncio.create_task(server.serve([listener]))
    client, writer = await asyncio.open_connection(host, port)
    writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    await client.readuntil(b"hello")
    server.should_exit = True  # as Ctrl-C and SIGTERM do
    last = await client.read()
    print("client: the last message came:", b"goodbye" in last)
    writer.close()
    await serving
    print("main: uvicorn has stopped")


asyncio.run(main())
