"""What waits in recognition: how many can be recognised and how many papers wait, by model; and what a form proposes.

Invariant: reads only; a count here is the count of the list that it leads to.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from desktop_app.models.types import CertificateStatus, DeviceRole, LearningModel
from desktop_app.services.assessment.rounds import require_open, round_of
from desktop_app.services.context import Context
from desktop_app.services.recognition.candidates import candidate_counts
from desktop_app.services.recognition.deciding import check_date, require_office
from desktop_app.services.recognition.lists import certificate_counts
from desktop_app.services.recognition.numbering import decision_number, refuse_used_number
from desktop_app.services.recognition.records import CandidateCounts
from desktop_app.services.settings import read_office

WAITING = (CertificateStatus.ISSUED, CertificateStatus.PRINTED, CertificateStatus.SIGNED)
"""Queues in which a certificate waits for the office: to be printed, signed, handed over."""


@dataclass(frozen=True, slots=True)
class ModelCounts:
    """One model of a round: its candidates by state, and its certificates by status."""

    candidates: CandidateCounts
    certificates: Mapping[CertificateStatus, int]

    @property
    def ready(self) -> int:
        """How many can be recognised now."""
        return self.candidates.ready

    @property
    def waiting(self) -> int:
        """Certificates that wait to be printed, signed or handed over."""
        return sum(self.certificates[status] for status in WAITING)

    @property
    def standing(self) -> int:
        """Certificates that were not voided."""
        return sum(self.certificates.values()) - self.certificates[CertificateStatus.VOIDED]


@dataclass(frozen=True, slots=True)
class DecisionProposal:
    """What a new decision starts with: the office's signer, what is put behind a number, whether this machine may."""

    signer_title: str
    signer_name: str
    symbol: str
    is_office: bool
    today: dt.date


def model_counts(context: Context, year: int) -> dict[LearningModel, ModelCounts]:
    """Counts of every model; raises UserError ``round.unknown``."""
    found = {}
    for model in LearningModel:
        found[model] = ModelCounts(candidate_counts(context, year, model), certificate_counts(context, year, model))
    return found


def decision_proposal(context: Context) -> DecisionProposal:
    """What the form of a new decision is filled with."""
    with context.read() as connection:
        office = read_office(connection)
    today = dt.datetime.fromtimestamp(context.journal.clock() / 1000).date()
    is_office = context.role is DeviceRole.OFFICE
    return DecisionProposal(office.signer_title, office.signer_name, office.decision_symbol, is_office, today)


def check_decision(context: Context, year: int, model: LearningModel, number: str, date: dt.date) -> str:
    """The decision's number as it would be written; raises what ``recognise`` would, before anybody is asked."""
    require_office(context)
    with context.read() as connection:
        require_open(round_of(connection, year))
        shown = decision_number(number, read_office(connection))
        check_date(date, year)
        refuse_used_number(connection, model, shown, date)
    return shown
