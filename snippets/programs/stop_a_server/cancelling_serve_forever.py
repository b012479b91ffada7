"""A cancelled `serve_forever()` abandons, awaits or closes an open connection, by Python version.

3.8.18 to 3.11.7 end and leave the connection as it is, 3.12.1 and
3.13.0 wait for the client, 3.14.8 and 3.15.0 close the connection.
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
    serving = asyncio.create_task(server.serve_forever())
    client, writer = await asyncio.open_connection(host, port)
    await client.readline()
    serving.cancel()
    await asyncio.wait([serving], timeout=0.1)
    print("cancelled; serve_forever has ended:", serving.done())
    rest = asyncio.create_task(client.read())
    await asyncio.wait([rest], timeout=0.1)
    print("the client was disconnected:", rest.done())
    writer.close()  # the client leaves
    await asyncio.wait([serving, rest])


asyncio.run(main())
