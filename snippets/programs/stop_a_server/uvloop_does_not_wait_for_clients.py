"""With uvloop 0.23.0, `wait_closed()` returns while a client is connected, and a server has no `close_clients()`."""

# /// script
# requires-python = ">=3.11"
# dependencies = ["uvloop==0.23.0"]
# [tool.pleasestop]
# platforms = ["linux", "macos"]
# ///

import asyncio
from asyncio import StreamReader, StreamWriter

import uvloop


async def serve(reader: StreamReader, writer: StreamWriter) -> None:
    writer.write(b"hello\n")
    await reader.read()
    print("handler: the client has left")
    writer.close()


async def main() -> None:
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    address = server.sockets[0].getsockname()
    client, writer = await asyncio.open_connection(*address)
    await client.readline()
    print("main: close_clients:", hasattr(server, "close_clients"))
    server.close()
    await server.wait_closed()
    print("main: wait_closed has returned")
    writer.close()  # the client leaves
    await client.read()
    await writer.wait_closed()


uvloop.run(main())
