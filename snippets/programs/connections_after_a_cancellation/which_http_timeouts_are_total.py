"""On a server that drips, httpx does not time out; aiohttp and `asyncio.timeout` limit the whole request."""

# /// script
# requires-python = ">=3.11"
# dependencies = ["httpx==0.28.1", "aiohttp==3.14.5"]
# ///

import asyncio
import contextlib
from asyncio import StreamReader, StreamWriter

import aiohttp
import httpx

LIMIT = 1.0
HEAD = b"HTTP/1.1 200 OK\r\ncontent-length: 12\r\n\r\n"


async def drip(reader: StreamReader, writer: StreamWriter) -> None:
    while not (await reader.readline()).isspace():
        pass
    writer.write(HEAD)
    with contextlib.suppress(ConnectionError):
        for _ in range(12):
            await asyncio.sleep(0.12)
            writer.write(b"x")
            await writer.drain()
    writer.close()


async def by_httpx(url: str, patience: float = LIMIT) -> str:
    async with httpx.AsyncClient(
        timeout=patience, trust_env=False
    ) as client:
        return (await client.get(url)).text


async def by_aiohttp(url: str) -> str:
    limit = aiohttp.ClientTimeout(total=LIMIT)
    async with (
        aiohttp.ClientSession(timeout=limit) as session,
        session.get(url) as response,
    ):
        return await response.text()


async def by_asyncio(url: str) -> str:
    async with asyncio.timeout(LIMIT):
        return await by_httpx(url, 60)


async def main() -> None:
    server = await asyncio.start_server(drip, "127.0.0.1", 0)
    _, port = server.sockets[0].getsockname()
    url = f"http://127.0.0.1:{port}"
    calls = by_httpx(url), by_aiohttp(url), by_asyncio(url)
    answers = await asyncio.gather(*calls, return_exceptions=True)
    names = ["httpx", "aiohttp", "asyncio.timeout"]
    for name, answer in zip(names, answers, strict=True):
        print(f"{name}: {answer!r}")
    server.close()


asyncio.run(main())
