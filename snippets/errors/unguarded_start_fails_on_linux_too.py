"""On Python 3.14 and newer, a process started without a `__name__` guard fails on Linux, too."""

# /// script
# [tool.pleasestop]
# platforms = ["linux"]
# ///

from multiprocessing import Process

process = Process(target=print, args=["child: at work"])
try:
    process.start()
    process.join()
    print("main: the child ended with", process.exitcode)
except OSError as error:
    print("main:", error)
