"""A loop that sleeps sees the flag of its signal handler only when the sleep is over."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "main: slept the whole second: True"
# platforms = ["linux", "macos"]
# ///

import signal
import threading
import time


class GracefulKiller:
    kill_now = False

    def __init__(self) -> None:
        signal.signal(signal.SIGINT, self.exit_gracefully)
        signal.signal(signal.SIGTERM, self.exit_gracefully)

    def exit_gracefully(self, *_: object) -> None:
        self.kill_now = True


killer = GracefulKiller()
main = threading.get_ident()
begin = time.monotonic()
threading.Timer(
    0.1, signal.pthread_kill, [main, signal.SIGTERM]
).start()
while not killer.kill_now:
    time.sleep(1)
slept = time.monotonic() - begin
print("main: slept the whole second:", slept >= 1)
