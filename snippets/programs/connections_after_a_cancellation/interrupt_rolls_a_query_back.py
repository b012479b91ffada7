"""On cancellation, `interrupt()` ends the running query, and the thread rolls back before the task ends."""

import asyncio
import sqlite3
import threading

FILL = """
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
    INSERT INTO numbers SELECT i FROM n WHERE seen()
"""
begun = threading.Event()


def seen() -> int:
    begun.set()
    return 1


def fill(database: sqlite3.Connection) -> None:
    with database:  # rolls back if this block raises
        database.execute(FILL)


async def run(database: sqlite3.Connection) -> None:
    loop = asyncio.get_running_loop()
    work = loop.run_in_executor(None, fill, database)
    try:
        await asyncio.wait(
            [work]
        )  # does not cancel what it waits for
    except asyncio.CancelledError:
        database.interrupt()
        await asyncio.wait([work])
        print("thread:", repr(work.exception()))
        raise
    work.result()


async def main() -> None:
    database = sqlite3.connect(":memory:", check_same_thread=False)
    database.execute("CREATE TABLE numbers (i INTEGER)")
    database.create_function("seen", 0, seen)
    task = asyncio.create_task(run(database))
    await asyncio.get_running_loop().run_in_executor(
        None, begun.wait
    )
    task.cancel()
    await asyncio.wait([task])
    (rows,) = database.execute("SELECT count(*) FROM numbers")
    print("cancelled:", task.cancelled(), "| rows:", rows[0])
    database.close()


asyncio.run(main())
