"""A client that drops its connection when it is cut off, and connects again, gets the right answer."""

import asyncio
import contextlib
import socket
from asyncio import StreamReader, StreamWriter
from typing import List, Optional, Tuple

Streams = Tuple[StreamReader, StreamWriter]
servers: List["asyncio.Task[None]"] = []


class Client:
    streams: Optional[Streams] = None

    def __init__(self, may_go: asyncio.Event) -> None:
        self.lock, self.may_go = asyncio.Lock(), may_go

    async def ask(self, question: bytes) -> str:
        async with self.lock:  # one exchange at a time
            if self.streams is None:
                self.streams = await connect(self.may_go)
            reader, writer = self.streams
            try:
                writer.write(question + b"\n")
                return (await reader.readline()).decode().strip()
            except BaseException:
                self.streams = None
                writer.close()
                raise


async def connect(may_go: asyncio.Event) -> Streams:
    ours, theirs = socket.socketpair()
    servers.append(asyncio.ensure_future(serve(theirs, may_go)))
    return await asyncio.open_connection(sock=ours)


async def serve(sock: socket.socket, may_go: asyncio.Event) -> None:
    reader, writer = await asyncio.open_connection(sock=sock)
    with contextlib.suppress(ConnectionError):
        async for line in reader:
            await may_go.wait()  # slow until this is set
            writer.write(b"answer to " + line)
    writer.close()


async def main() -> None:
    may_go = asyncio.Event()
    client = Client(may_go)
    try:
        await asyncio.wait_for(client.ask(b"question 1"), 0.1)
    except asyncio.TimeoutError:
        print("question 1 -> timed out")
    may_go.set()
    print("question 2 ->", await client.ask(b"question 2"))
    assert client.streams
    client.streams[1].close()
    await asyncio.wait(servers)


asyncio.run(main())
