"""While a client is connected, `wait_closed()` returned up to Python 3.11, and waits on 3.12.1.

The client keeps its connection open until the end. `async with server`
calls the same two methods when its block ends.
"""

import asyncio
from asyncio import StreamReader, StreamWriter


async def serve(reader: StreamReader, writer: StreamWriter) -> None:
    writer.write(b"hello\n")
    await reader.read()
    writer.close()


async def main() -> None:
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    client, writer = await asyncio.open_connection(host, port)
    await client.readline()
    server.close()
    closing = asyncio.create_task(server.wait_closed())
    await asyncio.wait([closing], timeout=0.1)
    print("main: wait_closed has returned:", closing.done())
    writer.close()  # the client leaves
    await closing
    print("main: the server is closed")
    await client.read()


asyncio.run(main())
