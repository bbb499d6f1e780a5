"""All tables, a file per aggregate; importing this package fills ``metadata``."""

from desktop_app.models.tables import assessment, criteria, recognition, registry, sync, system
from desktop_app.models.tables.base import BY_CODE, SHARED, SharedTable, metadata, natural_uid, new_uid

__all__ = [
    "BY_CODE",
    "SHARED",
    "SharedTable",
    "assessment",
    "criteria",
    "metadata",
    "natural_uid",
    "new_uid",
    "recognition",
    "registry",
    "sync",
    "system",
]
