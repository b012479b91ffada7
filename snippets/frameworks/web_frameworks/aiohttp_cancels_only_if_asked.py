"""aiohttp cancels a handler at a disconnect only with `handler_cancellation=True`."""

# /// script
# requires-python = ">=3.11"
# dependencies = ["aiohttp==3.14.5"]
# ///

import asyncio

from aiohttp import web


async def serve(handler_cancellation: bool) -> None:
    started, ended = asyncio.Event(), asyncio.Event()

    async def report(_: web.Request) -> web.Response:
        started.set()
        try:
            await asyncio.sleep(
                3600 if handler_cancellation else 0.2
            )
            print("handler: finished, and no client is left")
        except asyncio.CancelledError:
            print("handler: cancelled")
            raise
        finally:
            ended.set()
        return web.Response()

    app = web.Application()
    app.router.add_get("/", report)
    runner = web.AppRunner(
        app, handler_cancellation=handler_cancellation
    )
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    _, client = await asyncio.open_connection("127.0.0.1", port)
    client.write(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    await started.wait()
    client.close()  # the user closes the browser
    await ended.wait()
    await runner.cleanup()


for handler_cancellation in (False, True):
    print("handler_cancellation:", handler_cancellation)
    asyncio.run(serve(handler_cancellation))
