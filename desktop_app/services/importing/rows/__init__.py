"""Cells of a list into persons and households: values typed, repaired and warned of, members with their home."""
