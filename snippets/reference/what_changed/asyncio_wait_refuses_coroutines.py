"""Since Python 3.11, `asyncio.wait` raises TypeError for coroutines: it accepts tasks and futures.

Up to 3.10 it wrapped each coroutine in a task, so the coroutine was
in neither of the sets that it returned.
"""

import asyncio
import warnings
from typing import Any, Coroutine

warnings.simplefilter("ignore")  # 3.8 to 3.10 deprecate it


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
