"""A `next()` that finds no more items ends a generator with RuntimeError, not in order."""

# /// script
# [tool.pleasestop]
# wrong = "fails"
# exit = 1
# seen = "RuntimeError: generator raised StopIteration"
# ///

from typing import Iterator, Tuple


def pairs(numbers: Iterator[int]) -> Iterator[Tuple[int, int]]:
    while True:
        yield next(numbers), next(numbers)


for pair in pairs(iter([1, 2, 3])):
    print(pair)
