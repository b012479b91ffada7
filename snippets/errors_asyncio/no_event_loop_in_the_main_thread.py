"""On Python 3.14.8 and 3.15.0, `get_event_loop()` creates no event loop in the main thread."""

# /// script
# requires-python = ">=3.14"
# [tool.pleasestop]
# wrong = "fails"
# exit = 1
# seen = "RuntimeError: There is no current event loop in thread 'MainThread'."
# ///

import asyncio

loop = asyncio.get_event_loop()
