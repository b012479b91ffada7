"""A second `cancel()` returns True on a pool's future, False on an asyncio one.

Their two exceptions share a name but are two classes. `except Exception`
catches only the one of the pools.
"""

import asyncio
from concurrent import futures


async def main() -> None:
    in_pool: "futures.Future[None]" = futures.Future()
    print("pool:", in_pool.cancel(), in_pool.cancel())

    loop = asyncio.get_running_loop()
    in_loop: "asyncio.Future[None]" = loop.create_future()
    print("asyncio:", in_loop.cancel(), in_loop.cancel())


asyncio.run(main())
pools, loops = futures.CancelledError, asyncio.CancelledError
print("pool's is one of asyncio's:", issubclass(pools, loops))
print("pool's is an Exception:", issubclass(pools, Exception))
print("asyncio's is an Exception:", issubclass(loops, Exception))
