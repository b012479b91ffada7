"""A shutdown that cancels the handlers and waits for them hangs if a client does not read."""

# /// script
# [tool.pleasestop]
# wrong = "hangs"
# timeout = 0.7
# ///

import asyncio
from asyncio import StreamReader, StreamWriter
from typing import Set

handlers: "Set[asyncio.Task[None]]" = set()


async def handle(writer: StreamWriter) -> None:
    try:
        writer.write(b"x" * 50_000_000)
        await writer.drain()
    finally:
        print("handler: closes its connection")
        writer.close()
        await writer.wait_closed()


def accept(_: StreamReader, writer: StreamWriter) -> None:
    handlers.add(asyncio.create_task(handle(writer)))


async def main() -> None:
    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    address = server.sockets[0].getsockname()
    reader, writer = await asyncio.open_connection(*address)
    await reader.readexactly(1)  # and no more
    server.close()
    for task in handlers:
        task.cancel()
    await asyncio.gather(*handlers, return_exceptions=True)
    print("main: the server is closed")
    writer.close()


asyncio.run(main())
