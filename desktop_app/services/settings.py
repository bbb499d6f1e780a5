"""The office's settings (shared with its volunteers) and this machine's own (zoom, column widths, last user).

Invariant: shared settings are written by one journalled operation; a stored value of the wrong shape never stops
the program: the default stands in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.engine import Connection

from desktop_app.models.journal import Writer
from desktop_app.models.tables import natural_uid
from desktop_app.models.tables.system import local_setting, setting
from desktop_app.services.context import Context


@dataclass(frozen=True)
class OfficeSettings:
    """What documents and numbers need to know of the office.

    Attributes:
        office_name: who recognises, e.g. "Ủy ban nhân dân xã Phú An".
        place: the place that stands before a date, e.g. "Phú An".
        signer_title: title under the date, one line or two, e.g. "CHỦ TỊCH".
        signer_name: full name of the signer.
        decision_symbol: what follows a decision's number, e.g. "QĐ-UBND".
        number_format: of register numbers; fields ``sequence``, ``year``, ``code``.
        number_codes: learning model → code in the number.
        first_numbers: "model:year" → first number, where the paper book ended plus one.
        legal_bases: lines of "Căn cứ …" of a decision.
        certificate_heading: GIẤY CÔNG NHẬN or GIẤY CHỨNG NHẬN.
        paper: A4 or A5.
        is_reference_form: documents say "mẫu tham khảo" until the office has replaced the wording.
    """

    office_name: str = ""
    place: str = ""
    signer_title: str = "CHỦ TỊCH"
    signer_name: str = ""
    decision_symbol: str = "QĐ-UBND"
    number_format: str = "{sequence:04d}/{year}-{code}"
    number_codes: dict[str, str] = field(
        default_factory=lambda: {
            "citizen": "CD",
            "family": "GĐ",
            "clan": "DH",
            "community": "CĐ",
            "organization": "ĐV",
            "commune": "X",
        }
    )
    first_numbers: dict[str, int] = field(default_factory=dict)
    legal_bases: tuple[str, ...] = ()
    certificate_heading: str = "GIẤY CÔNG NHẬN"
    paper: str = "A4"
    is_reference_form: bool = True


def read_office(connection: Connection) -> OfficeSettings:
    """The office's settings; defaults where nothing or something odd is stored."""
    stored = connection.execute(select(setting.c.value).where(setting.c.key == "office", setting.c.present)).scalar()
    if not isinstance(stored, Mapping):
        return OfficeSettings()
    return _from_mapping(stored)


def _from_mapping(stored: Mapping[str, Any]) -> OfficeSettings:
    default = OfficeSettings()
    values: dict[str, Any] = {}
    for item in fields(OfficeSettings):
        value = stored.get(item.name)
        wanted = getattr(default, item.name)
        if isinstance(wanted, tuple) and isinstance(value, list):
            values[item.name] = tuple(str(line) for line in value)
        elif isinstance(value, type(wanted)):
            values[item.name] = value
    return OfficeSettings(**values)


def write_office(writer: Writer, settings: OfficeSettings) -> None:
    """Store the office's settings under the operation at hand."""
    value = asdict(settings)
    value["legal_bases"] = list(settings.legal_bases)
    write_setting(writer, "office", value)


def load_office(context: Context) -> OfficeSettings:
    """The office's settings as they stand now."""
    with context.read() as connection:
        return read_office(connection)


def save_office(context: Context, settings: OfficeSettings, what: str = "cơ quan và ký") -> None:
    """Store the office's settings as one deed; nothing changed leaves no trace."""
    with context.operation("settings.change", {"what": what}) as op:
        write_office(op.writer, settings)


def write_setting(writer: Writer, key: str, value: Any) -> None:
    """Store one shared setting (JSON) under the operation at hand."""
    writer.insert(setting, {"key": key, "value": value}, uid=natural_uid("setting", key))


def get_local(context: Context, key: str, default: Any = None) -> Any:
    """One setting of this machine only."""
    with context.read() as connection:
        value = connection.execute(select(local_setting.c.value).where(local_setting.c.key == key)).scalar()
    return default if value is None else value


def set_local(context: Context, key: str, value: Any) -> None:
    """Keep one setting of this machine; not journalled."""
    with context.database.write() as connection:
        statement = update(local_setting).where(local_setting.c.key == key).values(value=value)
        if connection.execute(statement).rowcount == 0:
            connection.execute(insert(local_setting).values(key=key, value=value))
