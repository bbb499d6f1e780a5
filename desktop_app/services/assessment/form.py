"""Opening a form: everything one screen needs, read in one short transaction; nothing is written.

Invariant: a recognised form shows the verdict that was frozen into it, every other the verdict of its stored answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy.engine import Connection

from desktop_app.models.types import AssessmentStatus, LearningModel, RegistrationKind, ReviewOutcome, Uid
from desktop_app.services.assessment import keys
from desktop_app.services.assessment.answers import OpenForm, load_form, require_writable
from desktop_app.services.assessment.earlier import EarlierForm, read_earlier
from desktop_app.services.assessment.evidence import EvidenceRecord, read_evidence
from desktop_app.services.assessment.facts import asked_facts, count_facts
from desktop_app.services.assessment.frozen import read_frozen
from desktop_app.services.assessment.members import MemberTitles, read_members
from desktop_app.services.assessment.scoring import Verdict, evaluate
from desktop_app.services.assessment.subjects import SubjectHeader, read_header
from desktop_app.services.assessment.verdict import sentence, share_text, short_verdict
from desktop_app.services.context import Context
from desktop_app.services.criteria.definition import CriteriaSet
from desktop_app.services.criteria.facts import FACTS, FactValue
from desktop_app.services.criteria.office import set_in_use
from desktop_app.services.errors import UserError
from desktop_app.services.raw import all_rows, one_row


@dataclass(frozen=True, slots=True)
class FactLine:
    """A counted share in words, for beside an indicator or prerequisite.

    Args:
        codes: indicators and prerequisites that it belongs to.
        text: "9/20 gia đình trong dòng họ (45%) được công nhận Gia đình học tập".
        others: the same under the other readings of the denominator.
    """

    key: str
    codes: tuple[str, ...]
    text: str
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FormState:
    """One form as a screen shows it.

    Args:
        definition: the effective criteria set; its heading stands above the form.
        set_uid, set_revision: which set, for keeping widgets of one set.
        answers: indicator code → value; what is absent is unanswered.
        evidence: attached files by indicator code, "" for the whole form.
        facts: counted shares, to be given back to ``answer``.
        registration: None until the subject is registered (the first answer registers it).
        readonly_reason: why no answers are taken, empty when they are.
        return_reason: why the form was returned last, while it is returned.
        is_too_young: a citizen below the age of assessing, whose form is not recognised: no verdict is due.
        is_changed_group: the citizen's group now asks for another set than the form was begun by.
        assessor, assessed_on: who filled it and on which day (ISO); empty until written down.
        reasons: for which a warning is kept, by indicator code, "" for the whole form.
        newer_version: of the same set, by which forms that are begun now are filled; empty when it is this form's.
    """

    subject: SubjectHeader
    year: int
    model: LearningModel
    definition: CriteriaSet
    set_uid: Uid
    set_revision: int
    answers: Mapping[str, float]
    verdict: Verdict
    sentence: str
    short: str
    status: AssessmentStatus
    registration: RegistrationKind | None
    evidence: Mapping[str, tuple[EvidenceRecord, ...]]
    facts: Mapping[str, FactValue]
    fact_lines: tuple[FactLine, ...]
    earlier: EarlierForm | None
    members: MemberTitles
    readonly_reason: str = ""
    return_reason: str = ""
    is_frozen: bool = False
    is_too_young: bool = False
    is_changed_group: bool = False
    newer_version: str = ""
    assessor: str = ""
    assessed_on: str = ""
    reasons: Mapping[str, str] = field(default_factory=dict)

    @property
    def total(self) -> float:
        return self.verdict.total


def open_form(context: Context, model: LearningModel, subject_uid: Uid, year: int) -> FormState:
    """Read one subject's form of a round; a form that does not exist yet is shown empty.

    Raises:
        UserError: ``round.unknown``, ``subject.unknown``, ``criteria.none_in_use``.
    """
    with context.read() as connection:
        form = load_form(connection, model, subject_uid, year)
        definition = form.used.definition
        header = read_header(connection, model, subject_uid, form.round)
        facts = _facts(connection, form, definition)
        answers = {code: value for code, value in form.values.items() if code in definition.by_code}
        frozen = _frozen(connection, form)
        if frozen is not None:
            verdict, said, short = frozen
        else:
            verdict = evaluate(definition, answers, facts)
            said, short = sentence(definition, verdict), short_verdict(definition, verdict)
        assessor, assessed_on, reasons = _written(connection, form)
        evidence = read_evidence(connection, context.folder, keys.assessment_uid(year, model, subject_uid))
        return FormState(
            subject=header,
            year=year,
            model=model,
            definition=definition,
            set_uid=form.used.uid,
            set_revision=form.used.revision,
            answers=answers,
            verdict=verdict,
            sentence=said,
            short=short,
            status=form.status,
            registration=_registration(connection, form) if form.has_registration else None,
            evidence=_by_indicator(evidence),
            facts=facts,
            fact_lines=_fact_lines(definition, facts),
            earlier=read_earlier(connection, form),
            members=read_members(connection, model, form.subject_id, form.round),
            readonly_reason=_readonly(form),
            return_reason=_returned(connection, form) if form.status is AssessmentStatus.RETURNED else "",
            is_frozen=form.is_frozen,
            is_too_young=form.is_too_young and not form.is_recognised,
            is_changed_group=header.group is not None and definition.group is not header.group,
            newer_version="" if form.is_frozen else _newer_version(connection, form),
            assessor=assessor,
            assessed_on=assessed_on,
            reasons=reasons,
        )


def _written(connection: Connection, form: OpenForm) -> tuple[str, str, dict[str, str]]:
    """Who filled the form and when, and the reasons beside it."""
    if form.assessment_id is None:
        return "", "", {}
    row = one_row(connection, "SELECT assessor, assessed_on, note FROM assessment WHERE id = ?", (form.assessment_id,))
    assert row is not None
    query = "SELECT indicator, note FROM answer WHERE assessment_id = ? AND present AND note IS NOT NULL"
    reasons: dict[str, str] = dict(all_rows(connection, query, (form.assessment_id,)))
    return row[0] or "", row[1] or "", {**reasons, **({"": row[2]} if row[2] else {})}


def _newer_version(connection: Connection, form: OpenForm) -> str:
    """The version that new forms stand under, where this one was begun under another of the same set."""
    if form.assessment_id is None:
        return ""
    own = form.used.definition
    try:
        used = set_in_use(connection, form.model, own.group, round_id=form.round.id)
    except UserError:
        return ""
    is_other = used.uid != form.used.uid and used.definition.key == own.key
    return used.definition.version if is_other else ""


def _facts(connection: Connection, form: OpenForm, definition: CriteriaSet) -> Mapping[str, FactValue]:
    asked = asked_facts(definition, with_help=True)
    return count_facts(connection, form.round, asked, [form.subject_id])[form.subject_id] if asked else {}


def _fact_lines(definition: CriteriaSet, facts: Mapping[str, FactValue]) -> tuple[FactLine, ...]:
    codes: dict[str, list[str]] = {}
    for indicator in definition.indicators:
        if indicator.fact in facts:
            codes.setdefault(indicator.fact or "", []).append(indicator.code)
    for prerequisite in definition.prerequisites:
        if prerequisite.fact in facts:
            codes.setdefault(prerequisite.fact, []).append(prerequisite.key)
    return tuple(
        FactLine(
            key,
            tuple(used),
            _fact_text(key, facts[key]),
            tuple(_fact_text(other, facts[other]) for other in FACTS[key].other_readings if other in facts),
        )
        for key, used in codes.items()
    )


def _fact_text(key: str, fact: FactValue) -> str:
    return f"{share_text(fact)} {FACTS[key].predicate}"


def _frozen(connection: Connection, form: OpenForm) -> tuple[Verdict, str, str] | None:
    if not form.is_frozen:
        return None
    row = one_row(connection, "SELECT frozen FROM assessment WHERE id = ?", (form.assessment_id,))
    assert row is not None
    kept = read_frozen(row[0])
    return kept.verdict, kept.sentence, kept.short


def _by_indicator(records: tuple[EvidenceRecord, ...]) -> dict[str, tuple[EvidenceRecord, ...]]:
    found: dict[str, tuple[EvidenceRecord, ...]] = {}
    for record in records:
        found[record.indicator] = (*found.get(record.indicator, ()), record)
    return found


def _registration(connection: Connection, form: OpenForm) -> RegistrationKind:
    uid = keys.registration_uid(form.round.year, form.model, form.subject)
    row = one_row(connection, "SELECT kind FROM registration WHERE uid = ?", (bytes.fromhex(uid),))
    return RegistrationKind(row[0]) if row and row[0] else RegistrationKind.NEW


def _readonly(form: OpenForm) -> str:
    try:
        require_writable(form)
    except UserError as error:
        return str(error)
    return ""


def _returned(connection: Connection, form: OpenForm) -> str:
    row = one_row(
        connection,
        "SELECT reason FROM review WHERE assessment_id = ? AND present AND outcome = ? ORDER BY id DESC LIMIT 1",
        (form.assessment_id, ReviewOutcome.RETURNED.value),
    )
    return row[0] or "" if row else ""
