"""Clans, organizations and branches in lists: their names, rows and members, planned and applied."""
