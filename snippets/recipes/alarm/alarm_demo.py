"""Nested alarms stop a regular expression: the inner one its own, the outer one whatever is left."""

# /// script
# [tool.pleasestop]
# platforms = ["linux", "macos"]
# ///

import re

from alarm import alarm

EVIL = "a" * 50 + "!"


def search(text: str, seconds: float) -> None:
    try:
        with alarm(seconds):
            try:
                found = re.match(r"(a+)+$", text)
                print("search: found:", bool(found))
            except Exception:  # noqa: BLE001
                print("search: never printed")
            finally:
                print("search: cleans up")
    except TimeoutError as error:
        print("search:", error)


try:
    with alarm(0.8):
        search("aaa", 60)
        search(EVIL, 0.1)
        search(EVIL, 60)
        print("main: never printed")
except TimeoutError as error:
    print("main:", error)
