"""The second call of `set_start_method` raises RuntimeError, also with the same method."""

# /// script
# [tool.pleasestop]
# wrong = "fails"
# exit = 1
# seen = "RuntimeError: context has already been set"
# ///

import multiprocessing

if __name__ == "__main__":
    multiprocessing.set_start_method("spawn")
    multiprocessing.set_start_method("spawn")
