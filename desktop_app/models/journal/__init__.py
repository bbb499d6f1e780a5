"""The journal: one spine for audit, undo, history and sync, and the only writer of change records."""

from desktop_app.models.journal.chain import Header, broken_links
from desktop_app.models.journal.codec import Change, References
from desktop_app.models.journal.journal import LOCAL_GENERATION, Done, Journal, Operation, get_meta, set_meta
from desktop_app.models.journal.kinds import KINDS, Kind, kind_of, no_undo_words
from desktop_app.models.journal.undo import SUBJECT_TABLES, UndoRefused
from desktop_app.models.journal.writer import Derivers, Refresher, RowDeriver, Writer

__all__ = [
    "KINDS",
    "LOCAL_GENERATION",
    "SUBJECT_TABLES",
    "Change",
    "Derivers",
    "Done",
    "Header",
    "Journal",
    "Kind",
    "Operation",
    "References",
    "Refresher",
    "RowDeriver",
    "UndoRefused",
    "Writer",
    "broken_links",
    "get_meta",
    "kind_of",
    "no_undo_words",
    "set_meta",
]
