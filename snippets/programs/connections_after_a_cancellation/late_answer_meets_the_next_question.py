"""After a timeout, the next question on the connection gets the answer to the question before."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "question 2 -> answer to question 1"
# ///

import asyncio
import socket
from asyncio import StreamReader, StreamWriter


class Client:
    def __init__(self, reader: StreamReader, writer: StreamWriter):
        self.reader, self.writer = reader, writer
        self.lock = asyncio.Lock()

    async def ask(self, question: bytes) -> str:
        async with self.lock:  # one exchange at a time
            self.writer.write(question + b"\n")
            return (await self.reader.readline()).decode().strip()


async def serve(sock: socket.socket, may_go: asyncio.Event) -> None:
    reader, writer = await asyncio.open_connection(sock=sock)
    async for line in reader:
        await may_go.wait()  # slow until this is set
        writer.write(b"answer to " + line)
    writer.close()


async def main() -> None:
    ours, theirs = socket.socketpair()
    may_go = asyncio.Event()
    server = asyncio.ensure_future(serve(theirs, may_go))
    client = Client(*await asyncio.open_connection(sock=ours))
    try:
        await asyncio.wait_for(client.ask(b"question 1"), 0.1)
    except asyncio.TimeoutError:
        print("question 1 -> timed out")
    may_go.set()
    print("question 2 ->", await client.ask(b"question 2"))
    client.writer.close()
    await server


asyncio.run(main())
