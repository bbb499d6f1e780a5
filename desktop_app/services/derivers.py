"""The one list of how derived columns are kept, handed to the journal when a register is opened."""

from __future__ import annotations

from desktop_app.models.journal import Derivers
from desktop_app.services.assessment import derive as assessment
from desktop_app.services.registry import derive as registry

DERIVERS = Derivers(
    rows={**registry.ROWS, **assessment.ROWS},
    absent={**registry.ABSENT},
    batches={**registry.BATCHES},
    refreshers=(registry.refresh_register, assessment.refresh_assessments),
)
