"""Criteria sets as versioned data: load, check, confirm, edit."""
