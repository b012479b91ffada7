"""`asyncio.capture_call_graph` names the coroutine that a hanging test is waiting in."""

# /// script
# requires-python = ">=3.14"
# ///

import asyncio
from collections.abc import Coroutine
from typing import Any


async def read_answer() -> None:
    await asyncio.Event().wait()


async def client() -> None:
    await read_answer()


async def test_client() -> None:  # hangs
    await client()


async def limited(test: Coroutine[Any, Any, None]) -> None:
    task = asyncio.create_task(test)
    _, pending = await asyncio.wait([task], timeout=0.1)
    for left in pending:
        graph = asyncio.capture_call_graph(left)
        assert graph is not None
        names = [
            one.frame.f_code.co_name for one in graph.call_stack
        ]
        print("timeout in", " < ".join(names))
        left.cancel()
        await asyncio.wait([left])


asyncio.run(limited(test_client()))
