"""`close_clients()` cancels no handler: one that waits for something else runs on."""

# /// script
# requires-python = ">=3.13"
# ///

import asyncio
from asyncio import StreamReader, StreamWriter

handlers: set[asyncio.Task[None]] = set()


async def serve(_: StreamReader, writer: StreamWriter) -> None:
    task = asyncio.current_task()
    assert task is not None
    handlers.add(task)
    writer.write(b"hello\n")
    try:
        await asyncio.sleep(3600)  # not a read of the connection
    except asyncio.CancelledError:
        print("handler: cancelled")
        raise


async def main() -> None:
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    client, writer = await asyncio.open_connection(host, port)
    await client.readline()
    server.close()
    server.close_clients()
    await server.wait_closed()
    [task] = handlers
    print("main: closed; the handler is done:", task.done())
    task.cancel()
    await asyncio.wait([task])
    writer.close()


asyncio.run(main())
