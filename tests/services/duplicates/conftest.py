"""The same small register as for the rest of the register's services."""

from tests.services.registry.conftest import context

__all__ = ["context"]
