"""A bare `except:` catches SystemExit, and the program goes on.

`except Exception` does not catch it.
"""

# /// script
# [tool.pleasestop]
# exit = 3
# wrong = "misleads"
# seen = "main: goes on after sys.exit(1)"
# ///

import sys

try:
    sys.exit(1)
except:  # noqa: E722
    print("main: goes on after sys.exit(1)")

try:
    sys.exit(3)
except Exception:  # noqa: BLE001
    print("main: never printed")
