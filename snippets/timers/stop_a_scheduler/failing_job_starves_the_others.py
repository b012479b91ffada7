"""If exceptions are caught around `run_pending`, a job that fails stays due and keeps later jobs from running."""

# /// script
# dependencies = ["schedule==1.2.2"]
# [tool.pleasestop]
# wrong = "misleads"
# seen = "first job: fails\nmain: caught ValueError\nfirst job: fails"
# ///

import time

import schedule


def fails() -> None:
    print("first job: fails")
    raise ValueError


schedule.every().second.do(fails)
schedule.every().second.do(print, "second job: never printed")
time.sleep(1.1)  # now both are due

for _ in range(3):  # in place of `while True`
    try:
        schedule.run_pending()
    except ValueError:
        print("main: caught ValueError")
