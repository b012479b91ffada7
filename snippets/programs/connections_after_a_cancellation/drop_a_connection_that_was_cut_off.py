"""An exchange that is cut off closes its connection in `except BaseException`, which sees timeout and cancellation.

The server has the question and may still answer it. Once the
connection is closed, the answer cannot meet the next question.
"""

import asyncio
import contextlib
import socket

client, server = socket.socketpair()  # this server does not answer


async def main() -> None:
    reader, writer = await asyncio.open_connection(sock=client)
    try:
        writer.write(b"question 1")
        await asyncio.wait_for(reader.readline(), timeout=0.1)
    except BaseException:  # CancelledError and TimeoutError, too
        writer.close()
        raise


with contextlib.suppress(asyncio.TimeoutError):
    asyncio.run(main())
print("server got", server.recv(99), "then", server.recv(99))
