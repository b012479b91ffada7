"""With httpx 0.28.1, two requests that are cancelled early leave a pool full, and the next one raises `PoolTimeout`."""

# /// script
# requires-python = ">=3.11"
# dependencies = ["httpx==0.28.1"]
# [tool.pleasestop]
# wrong = "misleads"
# seen = "PoolTimeout"
# ///

import asyncio
from asyncio import StreamReader, StreamWriter

import httpx

ANSWER = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"


async def serve(reader: StreamReader, writer: StreamWriter) -> None:
    while not (await reader.readline()).isspace():
        pass
    writer.write(ANSWER)
    writer.close()


async def main() -> None:
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    _, port = server.sockets[0].getsockname()
    url = f"http://127.0.0.1:{port}"
    limits = httpx.Limits(max_connections=1)
    timeout = httpx.Timeout(5, pool=0.2)
    async with httpx.AsyncClient(
        limits=limits, timeout=timeout, trust_env=False
    ) as client:
        print("before:", (await client.get(url)).text)
        tasks = [
            asyncio.create_task(client.get(url)) for _ in range(2)
        ]
        await asyncio.sleep(0)  # both have begun
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        try:
            await client.get(url)
        except httpx.PoolTimeout:
            print("after: PoolTimeout, and no request is running")
    server.close()


asyncio.run(main())
