"""Backup, restore, health, users and PIN."""
