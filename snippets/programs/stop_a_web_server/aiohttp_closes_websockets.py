"""An aiohttp server stops at once with WebSockets open if `on_shutdown` closes them."""

# /// script
# requires-python = ">=3.11"
# dependencies = ["aiohttp==3.14.5"]
# ///

import asyncio

from aiohttp import ClientSession, WSCloseCode, web

SOCKETS = web.AppKey("SOCKETS", set[web.WebSocketResponse])


async def talk(request: web.Request) -> web.WebSocketResponse:
    socket = web.WebSocketResponse()
    await socket.prepare(request)
    request.app[SOCKETS].add(socket)
    try:
        await socket.send_str("hello")
        async for message in socket:
            await socket.send_str(message.data)
    finally:
        request.app[SOCKETS].discard(socket)
    return socket


async def close_sockets(app: web.Application) -> None:
    sockets = app[SOCKETS]
    for socket in list(sockets):
        await socket.close(code=WSCloseCode.GOING_AWAY)


async def main() -> None:
    app = web.Application()
    app[SOCKETS] = set()
    app.router.add_get("/", talk)
    app.on_shutdown.append(close_sockets)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0]
    async with ClientSession() as session:
        client = await session.ws_connect(f"http://{host}:{port}/")
        await client.receive_str()
        reading = asyncio.create_task(client.receive())
        await runner.cleanup()
        print("client: closed with code", (await reading).data)
    print("main: aiohttp has stopped")


asyncio.run(main())
