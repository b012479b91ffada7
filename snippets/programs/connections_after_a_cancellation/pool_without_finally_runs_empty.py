"""A pool that gets its connection back only after a success is empty after a few cancellations."""

# /// script
# [tool.pleasestop]
# wrong = "hangs"
# timeout = 0.7
# ///

import asyncio


async def ask(connection: str) -> None:
    print("asking by", connection)
    await asyncio.Event().wait()  # this server does not answer


async def request(pool: "asyncio.Queue[str]") -> None:
    connection = await pool.get()
    await ask(connection)
    pool.put_nowait(connection)  # not reached when cancelled


async def main() -> None:
    pool: "asyncio.Queue[str]" = asyncio.Queue()
    for name in "A", "B":
        pool.put_nowait(name)
    for _ in range(2):
        task = asyncio.ensure_future(request(pool))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
    print("free:", pool.qsize(), flush=True)
    await request(pool)


asyncio.run(main())
