"""Cancelling a `read()` to the end of the stream loses what it has read so far."""

import asyncio
import socket


async def main() -> None:
    ours, theirs = socket.socketpair()
    reader, writer = await asyncio.open_connection(sock=ours)
    theirs.send(b"-ab")
    await reader.readexactly(1)  # all three came at once
    task = asyncio.create_task(reader.read())
    await asyncio.sleep(0)  # it is waiting for more
    task.cancel()
    await asyncio.wait([task])
    end = "is closed" if writer.is_closing() else "stays open"
    left = asyncio.all_tasks() - {asyncio.current_task()}

    theirs.sendall(b"cd")
    theirs.close()
    kept = await reader.read() == b"abcd"
    writer.close()
    await writer.wait_closed()

    print("call: await reader.read()")
    print("what it waits for:", end)
    print("lost:", "nothing" if kept else "what it has read")
    print("still running:", "a task" if left else "nothing")


asyncio.run(main())
