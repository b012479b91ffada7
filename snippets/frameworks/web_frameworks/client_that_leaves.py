"""An ASGI server reports a disconnect only to an application that calls `receive`.

`Client` calls an application as a server would, without a network.
The other programs of the page import it.
"""

import asyncio
from typing import Any, Awaitable, Callable, List, MutableMapping

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]


class Client:
    def __init__(
        self, body: bytes = b"", asgi: str = "2.3"
    ) -> None:
        self.body: List[bytes] = [body]
        self.asgi = {"spec_version": asgi}
        self.left = asyncio.Event()
        self.status = 0

    async def receive(self) -> Message:
        if self.body:
            return {"type": "http.request", "body": self.body.pop()}
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        await asyncio.sleep(0)
        if (
            self.left.is_set()
            and self.asgi["spec_version"] == "2.4"
        ):
            raise OSError("the client has gone")
        self.status = message.get("status", self.status)

    async def request(self, app: App) -> None:
        scope = {"type": "http", "method": "POST", "path": "/"}
        more = {
            "headers": [],
            "query_string": b"",
            "asgi": self.asgi,
        }
        await app({**scope, **more}, self.receive, self.send)


async def handler(
    _scope: Message, receive: Receive, _send: Send
) -> None:
    await asyncio.sleep(0.05)
    print("handler: not cancelled, asking for messages")
    print("handler:", (await receive())["type"])
    print("handler:", (await receive())["type"])


async def main() -> None:
    client = Client()
    client.left.set()
    await client.request(handler)


if __name__ == "__main__":
    asyncio.run(main())
