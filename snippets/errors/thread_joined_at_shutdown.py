"""At interpreter shutdown, joining a daemon thread that still waits raises PythonFinalizationError."""

# /// script
# requires-python = ">=3.14"
# [tool.pleasestop]
# wrong = "misleads"
# seen = "PythonFinalizationError: cannot join thread at interpreter shutdown"
# leaves = ["thread"]
# masked = ["0x[0-9a-f]+"]
# ///

import threading

stopping = threading.Event()


class Poller:
    def __init__(self) -> None:
        self.thread = threading.Thread(
            target=stopping.wait, daemon=True
        )
        self.thread.start()

    def __del__(self) -> None:
        self.thread.join()


poller = Poller()
print("main: ends")
