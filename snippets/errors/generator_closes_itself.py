"""A generator cannot be closed while its own code is running."""

# /// script
# [tool.pleasestop]
# wrong = "fails"
# exit = 1
# seen = "ValueError: generator already executing"
# ///

from typing import Generator


def lines() -> Generator[str, None, None]:
    yield "first"
    generator.close()
    yield "never seen"


generator = lines()
for line in generator:
    print("main: got", line)
