"""Invented communes and every kind of list that an office may keep of them; equal seeds give equal files.

`make_commune(seed)` is the truth; `write_list(folder, commune, style)` writes one list of it and says what it holds.
"""
