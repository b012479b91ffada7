"""`close_server` waits for a handler that ends in time, and cancels one that does not."""

import asyncio
from asyncio import StreamReader, StreamWriter
from typing import Dict, Tuple

from close_server import Connections, close_server


async def main() -> None:
    stopping = asyncio.Event()

    async def handle(
        reader: StreamReader, out: StreamWriter
    ) -> None:
        name = (await reader.readline()).decode().strip()
        out.write(b"hello\n")
        if name == "polite":
            await stopping.wait()
            out.write(b"goodbye\n")
        else:
            try:
                await asyncio.sleep(3600)
            finally:
                print(name, "is cancelled")

    connections = Connections(handle)
    server = await asyncio.start_server(connections, "127.0.0.1", 0)
    clients: "Dict[str, Tuple[StreamReader, StreamWriter]]" = {}
    for name in ("polite", "stuck"):
        address = server.sockets[0].getsockname()
        clients[name] = await asyncio.open_connection(*address)
        reader, writer = clients[name]
        writer.write(f"{name}\n".encode())
        await reader.readline()
    stopping.set()
    await close_server(server, connections, grace=0.2)
    print("main: the server is closed")
    for name, (reader, writer) in clients.items():
        print(name, "received", await reader.read())
        writer.close()


asyncio.run(main())
