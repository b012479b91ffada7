"""`queue.get` with a timeout raises Empty, an exception without a text."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "main: failed: Empty()"
# ///

from queue import Empty, Queue

jobs: "Queue[str]" = Queue()
try:
    jobs.get(timeout=0.01)
except Empty as error:
    print(f"main: failed: {error}")
    print(f"main: failed: {error!r}")
