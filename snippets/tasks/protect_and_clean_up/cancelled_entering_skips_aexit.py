"""If `__aenter__` is cancelled, `async with` does not call `__aexit__`."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "main: still open: True"
# ///

import asyncio


class Connection:
    def __init__(self) -> None:
        self.is_open = asyncio.Event()

    async def __aenter__(self) -> "Connection":
        self.is_open.set()
        await asyncio.sleep(60)  # log in
        return self

    async def __aexit__(self, *args: object) -> None:
        print("connection: never printed")
        self.is_open.clear()


async def use(connection: Connection) -> None:
    async with connection:
        print("use: never printed")


async def main() -> None:
    connection = Connection()
    task = asyncio.create_task(use(connection))
    await connection.is_open.wait()
    task.cancel()
    await asyncio.wait([task])
    print("main: still open:", connection.is_open.is_set())


asyncio.run(main())
