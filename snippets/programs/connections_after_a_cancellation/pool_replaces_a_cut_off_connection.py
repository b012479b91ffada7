"""A pool that lends with a context manager gets a slot back after a cancellation, with a new connection in it."""

import asyncio
import contextlib
from typing import AsyncIterator


class Connection:
    closed = False

    def close(self) -> None:
        self.closed = True

    async def ask(self) -> None:
        await asyncio.Event().wait()  # this server does not answer


class Pool:
    def __init__(self, size: int) -> None:
        self.free: "asyncio.Queue[Connection]" = asyncio.Queue()
        for _ in range(size):
            self.free.put_nowait(Connection())

    @contextlib.asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        lent = await self.free.get()
        try:
            yield lent
        except BaseException:  # the exchange was cut off
            lent.close()
            lent = Connection()
            raise
        finally:
            self.free.put_nowait(lent)


async def request(pool: Pool) -> None:
    async with pool.connection() as connection:
        await connection.ask()


async def main() -> None:
    pool = Pool(1)
    for _ in range(2):
        task = asyncio.ensure_future(request(pool))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
    async with pool.connection() as connection:
        print("a connection is free; closed:", connection.closed)


asyncio.run(main())
