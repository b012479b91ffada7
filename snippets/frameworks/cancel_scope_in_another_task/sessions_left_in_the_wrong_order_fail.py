"""Two scopes of one task must be left in reverse order: two ExitStacks can get it wrong, one cannot."""

# /// script
# requires-python = ">=3.11"
# dependencies = ["anyio==4.16.0"]
# [tool.pleasestop]
# wrong = "misleads"
# seen = "isn't the current"
# ///

from contextlib import ExitStack

import anyio


async def main() -> None:
    first, second = ExitStack(), ExitStack()
    first.enter_context(anyio.CancelScope())
    second.enter_context(anyio.CancelScope())
    try:
        first.close()
    except RuntimeError as error:
        print("two stacks: RuntimeError:")
        print(error)
    second.close()

    with ExitStack() as stack:
        stack.enter_context(anyio.CancelScope())
        stack.enter_context(anyio.CancelScope())
    print("one stack: left")


anyio.run(main)
