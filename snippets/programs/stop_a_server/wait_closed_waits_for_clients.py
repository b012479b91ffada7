"""`wait_closed()` waits as long as a client stays connected.

`close()` closes the listening socket only. The connection that is
open stays open, and its handler keeps waiting for data.
"""

# /// script
# requires-python = ">=3.12"
# [tool.pleasestop]
# wrong = "hangs"
# timeout = 0.7
# ///

import asyncio
from asyncio import StreamReader, StreamWriter


async def serve(reader: StreamReader, writer: StreamWriter) -> None:
    writer.write(b"hello\n")
    await reader.read()  # the client stays, and sends nothing


async def main() -> None:
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    client, writer = await asyncio.open_connection(host, port)
    await client.readline()
    server.close()
    print("main: closed the listening socket")
    await server.wait_closed()
    print("main: never printed")
    writer.close()


asyncio.run(main())
