"""Tests of `pleasestop.recipes`."""
