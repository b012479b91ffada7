"""`kill()` ends the child; processes that the child started run on.

Here the child is a shell and the grandchild is `cat`.
"""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "cat answers: still here"
# platforms = ["linux", "macos"]
# ///

from subprocess import PIPE, Popen

shell = Popen(
    ["sh", "-c", "cat; true"],
    stdin=PIPE,
    stdout=PIPE,
    text=True,
)
assert shell.stdin is not None
assert shell.stdout is not None
print("ready?", file=shell.stdin, flush=True)
print("main: cat answers:", shell.stdout.readline().strip())

shell.kill()
print("main: the shell ended with", shell.wait())
print("still here", file=shell.stdin, flush=True)
print("main: cat answers:", shell.stdout.readline().strip())
shell.stdin.close()
