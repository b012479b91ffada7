"""A request that is cut off after the commit is done twice by a retry, unless it carries a key of its own."""

import asyncio
import sqlite3
from typing import Optional

database = sqlite3.connect(":memory:")
database.execute("CREATE TABLE orders (name TEXT, key TEXT UNIQUE)")


async def order(
    name: str, key: Optional[str], answer: float
) -> None:
    with database:
        database.execute(
            "INSERT OR IGNORE INTO orders VALUES (?, ?)",
            (name, key),
        )
    await asyncio.sleep(answer)  # the answer is under way


async def retry(name: str, key: Optional[str]) -> None:
    try:
        await asyncio.wait_for(order(name, key, answer=60), 0.05)
    except asyncio.TimeoutError:
        await order(name, key, answer=0)


async def main() -> None:
    await retry("tea", None)
    await retry("coffee", "order-4711")
    for name in "tea", "coffee":
        (rows,) = database.execute(
            "SELECT count(*) FROM orders WHERE name = ?", (name,)
        )
        print(f"{name}: orders in the database: {rows[0]}")


asyncio.run(main())
database.close()
