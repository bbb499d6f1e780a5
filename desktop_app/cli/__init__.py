"""The same services without a window: the contract of commands, JSON and exit statuses for support and automation."""

from desktop_app.cli.main import main

__all__ = ["main"]
