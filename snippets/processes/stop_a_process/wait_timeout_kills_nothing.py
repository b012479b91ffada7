"""When `Popen.wait` raises TimeoutExpired, the child runs on."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "the child answers: still here"
# platforms = ["linux", "macos"]
# ///

from subprocess import PIPE, Popen, TimeoutExpired

child = Popen(["cat"], stdin=PIPE, stdout=PIPE, text=True)
try:
    child.wait(timeout=0.2)
except TimeoutExpired:
    print("main: TimeoutExpired")

answer, _ = child.communicate("still here")
print("main: the child answers:", answer)
