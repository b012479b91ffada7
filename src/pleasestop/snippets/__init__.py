"""Read the programs that pages show, run them, compare what they print, record what was seen."""
