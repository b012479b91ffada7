"""Watch what a run does: trace it, record it, draw it."""
