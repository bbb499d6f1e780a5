"""Reusable, dumb widgets: set data in, signal out."""
