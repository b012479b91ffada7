"""With a number in each request, a late answer is dropped and the connection stays usable."""

import asyncio
import itertools
import socket
from asyncio import StreamReader, StreamWriter
from typing import Dict


class Client:
    def __init__(self, reader: StreamReader, writer: StreamWriter):
        self.writer = writer
        self.numbers = itertools.count(1)
        self.waiting: Dict[int, "asyncio.Future[str]"] = {}
        self.task = asyncio.ensure_future(self.receive(reader))

    async def receive(self, reader: StreamReader) -> None:
        async for line in reader:
            number, _, text = line.decode().strip().partition(" ")
            answer = self.waiting.get(int(number))
            if answer is None or answer.done():
                print("dropped:", text)
            else:
                answer.set_result(text)

    async def ask(self, question: str) -> str:
        number = next(self.numbers)
        answer = asyncio.get_running_loop().create_future()
        self.waiting[number] = answer
        try:
            self.writer.write(f"{number} {question}\n".encode())
            return str(await answer)
        finally:
            del self.waiting[number]


async def serve(sock: socket.socket, may_go: asyncio.Event) -> None:
    reader, writer = await asyncio.open_connection(sock=sock)
    async for line in reader:
        await may_go.wait()  # slow until this is set
        writer.write(line.replace(b"question", b"answer"))
    writer.close()


async def main() -> None:
    ours, theirs = socket.socketpair()
    may_go = asyncio.Event()
    server = asyncio.ensure_future(serve(theirs, may_go))
    client = Client(*await asyncio.open_connection(sock=ours))
    try:
        await asyncio.wait_for(client.ask("question 1"), 0.1)
    except asyncio.TimeoutError:
        print("question 1 -> timed out")
    may_go.set()
    print("question 2 ->", await client.ask("question 2"))
    client.writer.close()
    await asyncio.wait([server, client.task])


asyncio.run(main())
