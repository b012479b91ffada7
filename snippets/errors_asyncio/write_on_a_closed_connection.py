"""On a connection closed with nothing unsent, `write` raises nothing, and `drain` raises ConnectionResetError."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "ConnectionResetError: Connection lost"
# ///

import asyncio


async def leave(
    _: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    writer.write(b"ok")
    writer.close()


async def main() -> None:
    server = await asyncio.start_server(leave, "127.0.0.1", 0)
    address = server.sockets[0].getsockname()
    reader, writer = await asyncio.open_connection(*address)
    try:
        await reader.readexactly(4)
    except asyncio.IncompleteReadError as error:
        print("readexactly: IncompleteReadError:", error)
        print("what came:", error.partial)
    writer.close()
    for _ in range(6):
        writer.write(b"more")
    print("six writes raised nothing")
    try:
        await writer.drain()
    except OSError as error:
        print(f"drain: {type(error).__name__}: {error}")
    server.close()


asyncio.run(main())
