"""The same window and registers as for the register's screens."""

from tests.ui.registry.conftest import context, sample, sample_folder, show

__all__ = ["context", "sample", "sample_folder", "show"]
