"""Who is assessed: the subjects of each model, their names as lists and forms show them, and who is to be assessed.

Invariant: one place says which table, name and order a model's subjects have; percentages elsewhere name it as theirs.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.engine import Connection

from desktop_app.models.types import CitizenGroup, LearningModel, Uid
from desktop_app.services.assessment.facts import DEFAULT_MIN_AGE
from desktop_app.services.assessment.keys import subject_table
from desktop_app.services.assessment.rounds import RoundRecord
from desktop_app.services.errors import UserError
from desktop_app.services.moves.as_of import citizens_then, past_day
from desktop_app.services.moves.as_of_lists import eligible_then, places_then, source_then
from desktop_app.services.vietnamese import PartialDate, number_text

TITLES: dict[LearningModel, str] = {
    LearningModel.CITIZEN: "Công dân học tập",
    LearningModel.FAMILY: "Gia đình học tập",
    LearningModel.CLAN: "Dòng họ học tập",
    LearningModel.COMMUNITY: "Cộng đồng học tập",
    LearningModel.ORGANIZATION: "Đơn vị học tập",
    LearningModel.COMMUNE: "Cộng đồng học tập cấp xã",
}
"""The danh hiệu of each model, for headings; a criteria set's own title stands on documents."""

UNITS: dict[LearningModel, str] = {
    LearningModel.CITIZEN: "công dân",
    LearningModel.FAMILY: "hộ",
    LearningModel.CLAN: "dòng họ",
    LearningModel.COMMUNITY: "thôn, tổ",
    LearningModel.ORGANIZATION: "đơn vị",
    LearningModel.COMMUNE: "xã",
}
"""The noun that is counted."""


NO_HAMLET = "no_hamlet"
"""In place of a hamlet's uid: whose hamlet is not known."""


@dataclass(frozen=True, slots=True)
class Source:
    """SQL of one model's subjects; ``s`` is the subject's table.

    Args:
        joins: what follows ``FROM <table> s``.
        name, sort, hamlet, detail: expressions; ``sort`` and ``s.id`` give the order of lists.
        counted: who is to be assessed; ``{born_by}`` is the latest birth for citizens.
        listed: who may stand in work lists at all, in words that an index knows; true for everybody eligible.
    """

    joins: str
    name: str
    sort: str
    hamlet: str
    detail: str
    counted: str
    listed: str = "s.present = 1"


SOURCES: dict[LearningModel, Source] = {
    LearningModel.CITIZEN: Source(
        "LEFT JOIN household h ON h.id = s.household_id LEFT JOIN hamlet v ON v.id = s.hamlet_id",
        "s.full_name",
        "s.sort_key",
        "s.hamlet_id",
        "h.code",
        "s.present = 1 AND s.life_status = 'living' AND s.birth <= '{born_by}'",
        "s.is_current = 1",
    ),
    LearningModel.FAMILY: Source(
        "LEFT JOIN citizen c ON c.id = s.head_id LEFT JOIN hamlet v ON v.id = s.hamlet_id",
        "coalesce(c.full_name, s.code, s.address)",
        "s.sort_key",
        "s.hamlet_id",
        "s.code",
        "s.present = 1 AND s.valid_to IS NULL",
    ),
    LearningModel.CLAN: Source(
        "LEFT JOIN hamlet v ON v.id = s.hamlet_id",
        "s.name",
        "s.sort_key",
        "s.hamlet_id",
        "s.leader",
        "s.present = 1 AND s.valid_to IS NULL",
    ),
    LearningModel.COMMUNITY: Source(
        "LEFT JOIN hamlet v ON v.id = s.id",
        "s.name",
        "s.sort_key",
        "s.id",
        "s.former_commune",
        "s.present = 1 AND s.valid_to IS NULL",
    ),
    LearningModel.ORGANIZATION: Source(
        "LEFT JOIN hamlet v ON v.id = s.hamlet_id",
        "s.name",
        "s.sort_key",
        "s.hamlet_id",
        "s.code",
        "s.present = 1 AND s.valid_to IS NULL",
    ),
    LearningModel.COMMUNE: Source(
        "LEFT JOIN hamlet v ON v.id IS NULL AND 0",
        "s.name",
        "s.name",
        "NULL",
        "s.province",
        "s.present = 1 AND s.valid_to IS NULL",
    ),
}

DENOMINATORS: dict[LearningModel, str] = {
    LearningModel.CITIZEN: f"công dân có mặt trong xã từ {DEFAULT_MIN_AGE} tuổi",
    LearningModel.FAMILY: "hộ gia đình trong xã",
    LearningModel.CLAN: "dòng họ trong xã",
    LearningModel.COMMUNITY: "thôn, tổ trong xã",
    LearningModel.ORGANIZATION: "đơn vị trong xã",
    LearningModel.COMMUNE: "xã",
}
"""Who is to be assessed, as every percentage names them (status inferred for citizens)."""


def eligible(model: LearningModel, round_: RoundRecord, *, everyone: bool = False) -> str:
    """SQL that is true of who is to be assessed in the round (``s``), without parameters; of a round whose counting
    day has passed, who was to be assessed on that day.

    Args:
        everyone: also of models and groups that do not take part in the round, as denominators of targets and
            whoever has a form already are counted.
    """
    born_by = round_.born_by(DEFAULT_MIN_AGE)
    counted = SOURCES[model].counted.format(born_by=born_by)
    found = eligible_then(model, counted, past_day(round_.counted_on), born_by)
    if everyone or not round_.left_out:
        return found
    if not round_.takes(model):
        return f"({found} AND 0)"
    out = sorted(group for of, group in round_.left_out if of == model.value)
    names = ", ".join(f"'{CitizenGroup(group).value}'" for group in out)
    return f"({found} AND coalesce(s.citizen_group, '') NOT IN ({names}))" if out else found


def lives_in(place: str, hamlet: Uid) -> tuple[str, tuple[bytes, ...]]:
    """SQL that is true where ``place`` (a hamlet's local key) is this hamlet, or none for ``NO_HAMLET``; its values."""
    if hamlet == NO_HAMLET:
        return f"{place} IS NULL", ()
    return f"{place} = (SELECT id FROM hamlet WHERE uid = ?)", (bytes.fromhex(hamlet),)


def placed(sql: str, model: LearningModel, round_: RoundRecord) -> str:
    """An expression or join over ``s`` whose household and hamlet are those of the round's day, once it has passed."""
    return places_then(sql, subject_table(model), past_day(round_.counted_on))


@dataclass(frozen=True, slots=True)
class SubjectHeader:
    """Who a form is about, as its head shows them.

    Args:
        name: "Nguyễn Thị Lan", "Hộ Nguyễn Văn Ước", "Thôn 3".
        details: short parts for the line below: "1984", "Thôn 3", "hộ 03-0127", "Người dân trong xã".
        group: of a citizen, None where the register does not say.
        is_group_assumed: the group was proposed from the occupation and age, nobody has chosen it.
        note: what is out of the way ("đã mất", "chưa đủ 16 tuổi"), empty when nothing is.
    """

    uid: Uid
    model: LearningModel
    name: str
    details: tuple[str, ...]
    hamlet: str = ""
    group: CitizenGroup | None = None
    is_group_assumed: bool = False
    note: str = ""

    @property
    def line(self) -> str:
        """The details in one line."""
        return " · ".join(self.details)


def find_subject(connection: Connection, model: LearningModel, uid: Uid) -> int:
    """The local key of a present subject; raises UserError ``subject.unknown``."""
    row = connection.exec_driver_sql(
        f"SELECT id, present FROM {subject_table(model)} WHERE uid = ?", (bytes.fromhex(uid),)
    ).first()
    if row is None or not row[1]:
        raise unknown_subject()
    return int(row[0])


def unknown_subject() -> UserError:
    """The refusal of a form for somebody who is not in the register (any more)."""
    return UserError(
        "Không tìm thấy đối tượng này trong sổ (có thể đã bị xóa); chưa có gì được ghi. Hãy tìm lại trong danh sách.",
        code="subject.unknown",
    )


def read_header(connection: Connection, model: LearningModel, uid: Uid, round_: RoundRecord) -> SubjectHeader:
    """The head of one subject's form; raises UserError ``subject.unknown``."""
    subject_id = find_subject(connection, model, uid)
    if model is LearningModel.CITIZEN:
        return _citizen(connection, subject_id, uid, round_)
    source = SOURCES[model]
    joins = placed(source.joins, model, round_)
    row = connection.exec_driver_sql(
        f"SELECT {source.name}, v.name, {source.detail} FROM {subject_table(model)} s {joins} WHERE s.id = ?",
        (subject_id,),
    ).one()
    name, hamlet, detail = row[0] or "", row[1] or "", row[2] or ""
    day = past_day(round_.counted_on)
    count = None
    if model in _COUNTS:
        count = connection.exec_driver_sql(
            source_then(_COUNTS[model], day, "c.household_id", f"({subject_id})"), (subject_id,)
        ).scalar()
    counted = f"{number_text(count or 0)} {_COUNTED[model]}" if model in _COUNTED else ""
    details: tuple[str, ...]
    if model is LearningModel.FAMILY:
        details = (hamlet, f"hộ {detail}" if detail else "", counted)
        name = f"Hộ {name}"
    elif model is LearningModel.COMMUNITY:
        details = (f"{detail} cũ" if detail else "", counted)
    elif model is LearningModel.CLAN:
        details = (hamlet, f"trưởng tộc {detail}" if detail else "", counted)
    else:
        details = (hamlet, detail, counted)
    return SubjectHeader(uid, model, name, tuple(part for part in details if part), hamlet)


_COUNTS = {
    LearningModel.FAMILY: "SELECT count(*) FROM citizen c WHERE c.household_id = ? AND c.is_current",
    LearningModel.CLAN: "SELECT count(*) FROM clan_household WHERE clan_id = ? AND present AND until IS NULL",
    LearningModel.COMMUNITY: (
        "SELECT count(*) FROM household h WHERE h.hamlet_id = ? AND h.present AND h.valid_to IS NULL"
    ),
    LearningModel.ORGANIZATION: (
        "SELECT count(*) FROM organization_member WHERE organization_id = ? AND present AND until IS NULL"
    ),
}
_COUNTED = {
    LearningModel.FAMILY: "người",
    LearningModel.CLAN: "gia đình",
    LearningModel.COMMUNITY: "hộ",
    LearningModel.ORGANIZATION: "thành viên",
}


def _citizen(connection: Connection, subject_id: int, uid: Uid, round_: RoundRecord) -> SubjectHeader:
    from desktop_app.services.assessment.groups import group_name, proposed_group

    joins = placed(SOURCES[LearningModel.CITIZEN].joins, LearningModel.CITIZEN, round_)
    day, life = past_day(round_.counted_on), "s.life_status"
    if day is not None:
        life = f"(SELECT t.life_status FROM {citizens_then(day, f'c.id = {subject_id}')} AS t)"
    row = connection.exec_driver_sql(
        f"SELECT s.full_name, s.birth, v.name, h.code, s.citizen_group, s.occupation, {life} FROM citizen s "
        f"{joins} WHERE s.id = ?",
        (subject_id,),
    ).one()
    name, birth, hamlet, code, stored, occupation, life = row
    group = CitizenGroup(stored) if stored else proposed_group(occupation, birth, round_)
    details = (
        PartialDate.from_iso(birth).text() if birth else "",
        hamlet or "",
        f"hộ {code}" if code else "",
        group_name(group),
    )
    note = _NOT_HERE.get(life or "", "")
    if not note and birth and birth > round_.born_by(DEFAULT_MIN_AGE):
        note = f"chưa đủ {DEFAULT_MIN_AGE} tuổi"
    return SubjectHeader(
        uid, LearningModel.CITIZEN, name or "", tuple(p for p in details if p), hamlet or "", group, not stored, note
    )


_NOT_HERE = {"dead": "đã mất", "moved": "đã chuyển đi"}
