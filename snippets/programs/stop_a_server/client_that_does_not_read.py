"""A connection with unsent data outlives `close_clients()`, and `abort_clients()` ends it."""

# /// script
# requires-python = ">=3.13"
# ///

import asyncio
from asyncio import StreamReader, StreamWriter


async def serve(reader: StreamReader, writer: StreamWriter) -> None:
    writer.write(b"hello\n")
    writer.write(bytes(20_000_000))  # more than the system holds
    await reader.read()


async def main() -> None:
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    client, writer = await asyncio.open_connection(host, port)
    await client.readline()  # and then the client reads no more
    server.close()
    server.close_clients()
    closing = asyncio.create_task(server.wait_closed())
    await asyncio.wait([closing], timeout=0.2)
    print("after close_clients, closed:", closing.done())
    server.abort_clients()
    await closing
    print("after abort_clients, closed:", closing.done())
    writer.transport.abort()


asyncio.run(main())
