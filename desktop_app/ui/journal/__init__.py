"""The page of deeds and their undo."""
