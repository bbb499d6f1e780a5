"""The journal as people read it: what was done, by whom, what it changed, and taking it back."""

from desktop_app.services.history.labels import field_label, table_word
from desktop_app.services.history.listing import OperationList, operation_list
from desktop_app.services.history.reading import find_operation, operation_changes, operations, record_history
from desktop_app.services.history.rendering import GONE, field_text, row_name
from desktop_app.services.history.undoing import Undone, newest_undoable, undo, why_not_undo

__all__ = [
    "GONE",
    "OperationList",
    "Undone",
    "field_label",
    "field_text",
    "find_operation",
    "newest_undoable",
    "operation_changes",
    "operation_list",
    "operations",
    "record_history",
    "row_name",
    "table_word",
    "undo",
    "why_not_undo",
]
