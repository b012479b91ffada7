"""One suite of nasty programs for all recipes; `python -m recipes.nasty` runs it on one Python.

- `scenarios` has a small program for each recipe; a new recipe needs one more.
- `coroutines` and `blocking` run each program in all the ways that break programs.
- `loops` has event loops that interrupt a program at a chosen moment, without real time.
- `bodies` has what a recipe runs: a coroutine with a cleanup, which records what happens to it.
- `leaks` finds what a program leaves behind.

The folder runs on every Python from 3.8 on, without pytest.
"""
