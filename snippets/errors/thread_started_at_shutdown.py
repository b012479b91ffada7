"""On Python 3.12 and newer, a `__del__` that runs while the interpreter is taken apart cannot start a thread."""

# /// script
# requires-python = ">=3.12"
# [tool.pleasestop]
# wrong = "misleads"
# seen = "at interpreter shutdown"
# masked = ["0x[0-9a-f]+"]
# ///

from threading import Thread


class Journal:
    def __del__(self) -> None:
        Thread(target=print, args=["never printed"]).start()


journal = Journal()
print("main: ends")
