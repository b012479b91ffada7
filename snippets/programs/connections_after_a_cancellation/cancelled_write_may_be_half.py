"""A cancelled `drain()` takes nothing back; a cancelled `sock_sendall` leaves half a message."""

import asyncio
import socket

MESSAGE = b"x" * 10_000_000


def receive_all(peer: socket.socket) -> int:
    size = 0
    while chunk := peer.recv(1_000_000):
        size += len(chunk)
    peer.close()
    return size


async def cancel(task: "asyncio.Task[None]") -> None:
    await asyncio.sleep(
        0
    )  # the task sends until the buffer is full
    task.cancel()
    await asyncio.wait([task])


async def main() -> None:
    loop = asyncio.get_running_loop()

    client, peer = socket.socketpair()
    _, writer = await asyncio.open_connection(sock=client)
    writer.write(MESSAGE)
    await cancel(loop.create_task(writer.drain()))
    writer.close()  # sends what is buffered, then closes
    size = await loop.run_in_executor(None, receive_all, peer)
    print("drain: sent all:", size == len(MESSAGE))

    client, peer = socket.socketpair()
    client.setblocking(False)
    await cancel(
        loop.create_task(loop.sock_sendall(client, MESSAGE))
    )
    client.close()
    size = await loop.run_in_executor(None, receive_all, peer)
    print("sock_sendall: sent a part:", 0 < size < len(MESSAGE))


asyncio.run(main())
