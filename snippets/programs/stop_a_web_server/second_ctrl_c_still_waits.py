"""On asyncio's own loop, uvicorn's second Ctrl-C does not force it to quit while a client is connected.

`force_exit` is the attribute that the second Ctrl-C sets. uvicorn then
awaits `wait_closed()` of the asyncio server.
"""

# /// script
# requires-python = ">=3.12"
# dependencies = ["starlette==1.10.0", "uvicorn==0.54.0"]
# [tool.pleasestop]
# wrong = "misleads"
# seen = "uvicorn has stopped: False"
# ///

import asyncio
import socket

import uvicorn
from starlette.types import Receive, Scope, Send


async def app(_: Scope, receive: Receive, __: Send) -> None:
    server.should_exit = True  # the first Ctrl-C
    await receive()  # the request
    await receive()  # the disconnect of the client


config = uvicorn.Config(app, lifespan="off", log_config=None)
server = uvicorn.Server(config)


async def main() -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    serving = asyncio.create_task(server.serve([listener]))
    host, port = listener.getsockname()
    _, writer = await asyncio.open_connection(host, port)
    writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    await asyncio.wait([serving], timeout=0.5)
    server.force_exit = True  # the second Ctrl-C
    await asyncio.wait([serving], timeout=0.5)
    print("main: uvicorn has stopped:", serving.done())
    writer.close()  # the client leaves
    await serving
    print("main: stopped after the client has left")


asyncio.run(main())
