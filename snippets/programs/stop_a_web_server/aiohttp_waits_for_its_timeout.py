"""aiohttp waits `shutdown_timeout` seconds for a WebSocket that the application does not close, then cancels its handler.

The default is 60 seconds, so the program seems to hang.
"""

# /// script
# requires-python = ">=3.11"
# dependencies = ["aiohttp==3.14.5"]
# [tool.pleasestop]
# wrong = "misleads"
# seen = "handler: cancelled"
# ///

import asyncio

from aiohttp import ClientSession, web


async def talk(request: web.Request) -> web.WebSocketResponse:
    socket = web.WebSocketResponse()
    await socket.prepare(request)
    await socket.send_str("hello")
    try:
        async for message in socket:
            await socket.send_str(message.data)
    except asyncio.CancelledError:
        print("handler: cancelled")
        raise
    return socket


async def main() -> None:
    app = web.Application()
    app.router.add_get("/", talk)
    runner = web.AppRunner(app, shutdown_timeout=0.2)  # not 60
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0]
    async with ClientSession() as session:
        client = await session.ws_connect(f"http://{host}:{port}/")
        await client.receive_str()
        await runner.cleanup()
        print("main: aiohttp has stopped")
        await client.close()


asyncio.run(main())
