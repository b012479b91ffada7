"""A client that disconnects does not cancel its handler in an asyncio stream server.

The handler learns of it from its reader: `read` returns b"" at the end
of the connection.
"""

import asyncio


async def main() -> None:
    asked, ended = asyncio.Event(), asyncio.Event()

    async def handle(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        print("handler: got", await reader.readline())
        asked.set()
        print("handler: read", await reader.read())
        await asyncio.sleep(0.05)
        print("handler: was not cancelled")
        writer.close()
        ended.set()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"question\n")
    await asked.wait()
    print("client: disconnects")
    writer.close()
    await ended.wait()
    server.close()
    await server.wait_closed()


asyncio.run(main())
