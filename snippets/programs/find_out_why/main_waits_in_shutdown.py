"""When main has finished and another thread runs, the main thread stands in `threading._shutdown`."""

import sys
import threading


def work() -> None:
    main = threading.main_thread()
    main.join()  # main has finished; this thread runs on
    assert main.ident is not None
    frame = sys._current_frames()[main.ident]
    print("main stands in", frame.f_code.co_name)


threading.Thread(target=work).start()
print("main: ends")
