"""If a generator yields while it is collected, Python prints the RuntimeError and continues."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "RuntimeError: generator ignored GeneratorExit"
# masked = ["0x[0-9a-f]+"]
# ///

from typing import Generator


def lines() -> Generator[str, None, None]:
    try:
        yield "first"
    finally:
        yield "end of file"


for line in lines():
    print("main: got", line)
    break
