"""A process that is killed stops wherever it is, and its `finally` does not run."""

import multiprocessing
import time
from multiprocessing.synchronize import Event


def build(half_built: Event) -> None:
    try:
        print("robot: half the tower stands")
        half_built.set()
        time.sleep(60)
    finally:
        print("robot: never printed")


if __name__ == "__main__":
    half_built = multiprocessing.Event()
    robot = multiprocessing.Process(target=build, args=[half_built])
    robot.start()
    half_built.wait()
    robot.kill()  # pull the plug
    robot.join()
    print("Mia: the robot runs:", robot.is_alive())
