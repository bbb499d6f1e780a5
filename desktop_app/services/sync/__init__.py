"""Packages between machines: seal, write, read, merge, settle."""
