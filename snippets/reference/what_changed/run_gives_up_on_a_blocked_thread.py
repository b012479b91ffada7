"""On 3.13.0 and newer, `asyncio.run` returns although a thread of its pool is still blocked.

It waits for five minutes; this program lowers that limit to 0.2 s. On
3.9.18 to 3.12.1 it waits until the thread has ended.
"""

# /// script
# requires-python = ">=3.9"
# ///

import asyncio
import asyncio.constants
import threading
from typing import Any

limits: Any = asyncio.constants
limits.THREAD_JOIN_TIMEOUT = 0.2  # instead of 300
answer = threading.Event()  # what the blocking call waits for


async def main() -> None:
    asyncio.get_running_loop().run_in_executor(None, answer.wait)


late = threading.Timer(1.5, answer.set)
late.start()
asyncio.run(main())
print("main: the call is still blocked:", not answer.is_set())
answer.set()
late.cancel()
