"""Backup, restore, first start, users and settings."""
