"""`python -m pleasestop`."""

from pleasestop.cli import main

main(prog_name="pleasestop")
