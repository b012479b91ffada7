"""`asyncio.timeout` and a scope of AnyIO nest both ways: the one that expires first ends its own block."""

# /// script
# requires-python = ">=3.11"
# dependencies = ["anyio==4.16.0"]
# ///

import asyncio

import anyio


async def nested(
    scope_seconds: float, timeout_seconds: float
) -> None:
    try:
        with anyio.move_on_after(scope_seconds) as scope:
            async with asyncio.timeout(timeout_seconds):
                await asyncio.sleep(60)
        print("outer scope expired:", scope.cancelled_caught)
    except TimeoutError:
        print("inner timeout expired; scope:", scope.cancel_called)


async def reverse(
    timeout_seconds: float, scope_seconds: float
) -> None:
    try:
        async with asyncio.timeout(timeout_seconds) as timeout:
            with anyio.move_on_after(scope_seconds):
                await asyncio.sleep(60)
        print("inner scope expired; timeout:", timeout.expired())
    except TimeoutError:
        print("outer timeout expired:", timeout.expired())


async def main() -> None:
    await nested(60, 0.05)
    await nested(0.05, 60)
    await reverse(60, 0.05)
    await reverse(0.05, 60)


asyncio.run(main())
