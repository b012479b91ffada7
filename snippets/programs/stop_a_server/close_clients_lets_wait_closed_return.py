"""`Server.close_clients()` closes the open connections, so that `wait_closed()` returns.

`close()` alone stops accepting and leaves the connections open.
"""

# /// script
# requires-python = ">=3.13"
# ///

import asyncio
from asyncio import StreamReader, StreamWriter


async def serve(reader: StreamReader, writer: StreamWriter) -> None:
    writer.write(b"hello\n")
    await reader.read()  # waits until the connection ends


async def main() -> None:
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    client, _ = await asyncio.open_connection(host, port)
    await client.readline()  # now the connection is open
    server.close()  # stop accepting
    server.close_clients()  # close what is open
    await server.wait_closed()
    print("main: the server is closed")


asyncio.run(main())
