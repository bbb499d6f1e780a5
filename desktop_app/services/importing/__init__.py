"""Workbooks as they come: read, repair, map, check, apply as one operation."""
