"""A cancel scope of Trio, or a `move_on_after` kept in a variable, can be entered once."""

# /// script
# requires-python = ">=3.11"
# dependencies = ["trio==0.35.0"]
# [tool.pleasestop]
# wrong = "fails"
# exit = 1
# seen = "RuntimeError: Each CancelScope may only be used for a single 'with' block"
# ///

import trio


async def main() -> None:
    limit = trio.move_on_after(0.01)
    for attempt in 1, 2:
        with limit:
            print("attempt", attempt)
            await trio.sleep_forever()


trio.run(main)
