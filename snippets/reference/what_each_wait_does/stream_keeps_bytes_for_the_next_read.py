"""A cancelled `read(n)` takes no bytes; the next `read` gets them."""

import asyncio
import socket


async def main() -> None:
    ours, theirs = socket.socketpair()
    reader, writer = await asyncio.open_connection(sock=ours)
    task = asyncio.create_task(reader.read(4))
    await asyncio.sleep(0)  # it is waiting now
    task.cancel()
    await asyncio.wait([task])
    end = "is closed" if writer.is_closing() else "stays open"
    left = asyncio.all_tasks() - {asyncio.current_task()}

    theirs.sendall(b"abcd")
    theirs.close()
    kept = await reader.read(4) == b"abcd"
    writer.close()
    await writer.wait_closed()

    print("call: await reader.read(4)")
    print("what it waits for:", end)
    print("lost:", "nothing" if kept else "what it has read")
    print("still running:", "a task" if left else "nothing")


asyncio.run(main())
