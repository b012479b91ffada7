"""A cancelled `to_thread` does not stop its transaction: the thread commits afterwards."""

# /// script
# requires-python = ">=3.9"
# [tool.pleasestop]
# wrong = "misleads"
# seen = "rows: [('tea',)]"
# ///

import asyncio
import sqlite3
import threading

database = sqlite3.connect(":memory:", check_same_thread=False)
database.execute("CREATE TABLE orders (name TEXT)")
begun, go_on = threading.Event(), threading.Event()


def insert() -> None:
    with database:  # commits at the end
        database.execute("INSERT INTO orders VALUES ('tea')")
        begun.set()
        go_on.wait()  # as if the database were slow


async def main() -> None:
    task = asyncio.create_task(asyncio.to_thread(insert))
    await asyncio.get_running_loop().run_in_executor(
        None, begun.wait
    )
    task.cancel()
    await asyncio.wait([task])
    print("cancelled:", task.cancelled())
    go_on.set()


asyncio.run(main())  # waits for the thread
print("rows:", database.execute("SELECT * FROM orders").fetchall())
database.close()
