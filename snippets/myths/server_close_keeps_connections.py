"""`server.close()` refuses new connections; an open connection still gets its answers."""

import asyncio


async def echo(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    while True:
        line = await reader.readline()
        if not line:
            break
        writer.write(line)
    writer.close()


async def main() -> None:
    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    reader, writer = await asyncio.open_connection(
        "127.0.0.1", port
    )
    writer.write(b"before\n")
    print("client: got", (await reader.readline()).decode().strip())

    server.close()
    writer.write(b"after\n")
    print("client: got", (await reader.readline()).decode().strip())
    try:
        await asyncio.open_connection("127.0.0.1", port)
    except ConnectionRefusedError:
        print("second client: refused")

    writer.write_eof()
    await reader.read()  # until the handler has closed it
    writer.close()
    await server.wait_closed()


asyncio.run(main())
