"""The window: sees services and frozen records, never a database."""
