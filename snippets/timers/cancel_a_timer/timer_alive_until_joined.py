"""Right after `cancel()` a timer may still be alive; after `join()` it is not.

`cancel` sets an event. The timer's thread ends when it runs next; a long
switch interval keeps it from running before `is_alive` is called.
"""

import sys
from threading import Timer

timer = Timer(60, print, ["timer: never printed"])
timer.start()

sys.setswitchinterval(60)  # main runs on until it waits
timer.cancel()
alive = timer.is_alive()
print("main: alive after cancel:", alive)

timer.join()
print("main: alive after join:", timer.is_alive())
