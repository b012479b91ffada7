"""A thread that imports thread pools after the main thread has ended gets a RuntimeError.

`asyncio.to_thread` and other modules import it when they are first used.
"""

# /// script
# requires-python = ">=3.9"
# [tool.pleasestop]
# wrong = "misleads"
# seen = "can't register atexit after shutdown"
# ///

import threading

main_thread = threading.main_thread()


def work() -> None:
    main_thread.join()
    try:
        import concurrent.futures.thread  # noqa: PLC0415
    except RuntimeError as error:
        print("worker: RuntimeError:", error)
    else:
        print(
            "worker: imported", concurrent.futures.thread.__name__
        )


threading.Thread(target=work).start()
