"""A bare `except:` catches Ctrl-C, and the loop continues."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "main: third"
# platforms = ["linux", "macos"]
# ///

import signal

for chapter in ("first", "second", "third"):
    try:
        if chapter == "second":
            signal.raise_signal(signal.SIGINT)  # Ctrl-C
        print("main:", chapter)
    except:
        print("main: cannot read it, next one")
