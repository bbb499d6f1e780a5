"""Deeds that move people and households, each with its day, and the register as it stood on a day."""
