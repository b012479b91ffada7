"""The exceptions of AnyIO's streams have no text; their class says which side closed the stream."""

# /// script
# requires-python = ">=3.11"
# dependencies = ["anyio==4.16.0"]
# ///

import anyio
from anyio import create_memory_object_stream as new_stream


async def main() -> None:
    sender, receiver = new_stream[str](1)
    sender.close()
    try:
        await sender.send("late")
    except anyio.ClosedResourceError as error:
        print(f"own side closed, send: {error!r}")
    try:
        await receiver.receive()
    except anyio.EndOfStream as error:
        print(f"sender closed, receive: {error!r}")
    receiver.close()

    sender, receiver = new_stream[str](1)
    receiver.close()
    try:
        await sender.send("late")
    except anyio.BrokenResourceError as error:
        print(f"receiver closed, send: {error!r}")
    sender.close()


anyio.run(main)
