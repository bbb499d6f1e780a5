"""The same window and registers as for the register's screens."""

from tests.ui.registry.conftest import context, show

__all__ = ["context", "show"]
