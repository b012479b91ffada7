"""A generator that yields while it is being closed makes `close()` raise RuntimeError."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "generator ignored GeneratorExit"
# ///

from typing import Generator


def lines() -> Generator[str, None, None]:
    try:
        yield "first"
    finally:
        yield "end of file"


generator = lines()
print("main: got", next(generator))
try:
    generator.close()
except RuntimeError as error:
    print("main:", error)
