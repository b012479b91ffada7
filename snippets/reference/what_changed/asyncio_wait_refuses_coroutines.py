"""Since Python 3.11, `asyncio.wait` refuses coroutines: it wants tasks.

Before, it made tasks of them that the caller did not hold, and so
could not find in the result.
"""

import asyncio
import warnings
from typing import Any, Coroutine

warnings.simplefilter("ignore")  # 3.8 to 3.10 announce the change


async def wait_for_any(work: Coroutine[Any, Any, None]) -> None:
    given: Any = work
    _, pending = await asyncio.wait([given], timeout=0.01)
    print("main: still pending:", len(pending))
    print("main: what I gave is among them:", given in pending)


async def main() -> None:
    work: Any = asyncio.sleep(60)
    try:
        await wait_for_any(work)
    except TypeError as error:
        print("main: TypeError:", error)
        work.close()


asyncio.run(main())
