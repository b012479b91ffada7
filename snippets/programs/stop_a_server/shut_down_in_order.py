"""A server that keeps the tasks of its handlers can ask them to end, wait, and cancel the rest.

`accept` is not a coroutine function: it creates the task of each
connection itself, so that the program can ask, await and cancel it.
"""

import asyncio
from asyncio import AbstractServer, StreamReader, StreamWriter
from typing import Set


class Server:
    def __init__(self) -> None:
        self.handlers: Set["asyncio.Task[None]"] = set()
        self.stopping = asyncio.Event()

    def accept(
        self, reader: StreamReader, writer: StreamWriter
    ) -> None:
        task = asyncio.create_task(self.handle(reader, writer))
        self.handlers.add(task)
        task.add_done_callback(self.handlers.discard)

    async def handle(
        self, reader: StreamReader, writer: StreamWriter
    ) -> None:
        name = (await reader.readline()).decode().strip()
        try:
            writer.write(b"hello\n")
            if name == "stuck":
                await asyncio.sleep(3600)  # does not look
            await self.stopping.wait()
            print(name, "says goodbye")
        finally:
            print(name, "closes its connection")
            writer.close()

    async def shut_down(self, server: AbstractServer) -> None:
        server.close()  # 1. stop accepting
        self.stopping.set()  # 2. ask the handlers to end
        if self.handlers:  # 3. wait, with a limit
            await asyncio.wait(self.handlers, timeout=0.2)
        for task in self.handlers:
            task.cancel()  # 4. cancel the rest
        await asyncio.gather(*self.handlers, return_exceptions=True)
        await server.wait_closed()  # 5. all are closed


async def main() -> None:
    ours = Server()
    server = await asyncio.start_server(ours.accept, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    clients = []
    for name in (b"polite\n", b"stuck\n"):
        client, writer = await asyncio.open_connection(host, port)
        clients.append(writer)
        writer.write(name)
        await client.readline()  # its handler is at work
    await ours.shut_down(server)
    print("main: the server is closed")
    for writer in clients:
        writer.close()


asyncio.run(main())
