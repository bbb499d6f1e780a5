"""The screen of duplicates and the ways to it."""
