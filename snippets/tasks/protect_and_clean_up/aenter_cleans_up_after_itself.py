"""An `__aenter__` that is cut off while it awaits must undo its first steps."""

import asyncio


class Connection:
    def __init__(self) -> None:
        self.is_open = asyncio.Event()

    async def __aenter__(self) -> "Connection":
        self.is_open.set()
        try:
            await asyncio.sleep(60)  # log in
        except BaseException:
            self.is_open.clear()
            raise
        return self

    async def __aexit__(self, *args: object) -> None:
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
