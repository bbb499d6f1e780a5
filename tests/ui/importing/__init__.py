"""Tests of the import wizard."""
