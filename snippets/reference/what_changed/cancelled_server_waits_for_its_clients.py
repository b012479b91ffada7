"""On 3.12.1 and 3.13.0, a cancelled `serve_forever()` waits for a client that stays silent.

3.14.8 and 3.15.0 close the connection first; 3.8.18 to 3.11.7 do not
wait.
"""

import asyncio


async def idle(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    await reader.read()  # the client says nothing
    writer.close()


async def main() -> None:
    server = await asyncio.start_server(idle, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    serving = asyncio.create_task(server.serve_forever())
    _, client = await asyncio.open_connection("127.0.0.1", port)
    serving.cancel()
    done, _ = await asyncio.wait([serving], timeout=0.3)
    print("main: serve_forever() ended:", bool(done))
    client.close()
    await asyncio.wait([serving])
    print("main: after the client left:", serving.cancelled())


asyncio.run(main())
