"""The section of a record's titles by year: certificates of the program and titles of former years with their source.

Invariant: only a title of a former year is typed, completed or taken back here; a certificate has its own deeds.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from desktop_app.models.records import SaveResult, Title
from desktop_app.models.types import CertificateStatus, LearningModel
from desktop_app.services.registry.words import CERTIFICATE_STATUS, word
from desktop_app.ui.registry.ask_bar import Answer
from desktop_app.ui.registry.form_pane import FormTask, Values
from desktop_app.ui.registry.record_panel import small_button
from desktop_app.ui.registry.row_list import RowItem
from desktop_app.ui.widgets.form_spec import Field, FormSpec
from desktop_app.ui.widgets.painting import ChipData

if TYPE_CHECKING:
    from desktop_app.ui.registry.edit_page import EditPage

ADD, REMOVE = "Ghi danh hiệu năm trước", "Bỏ danh hiệu đã ghi"


def add_titles(page: EditPage, model: LearningModel, uid: str, titles: Sequence[Title]) -> None:
    """Every title, newest first, with what can be done about those of former years."""
    panel = page.panel
    panel.add_heading("Danh hiệu")
    tools = [small_button(ADD, "plus", partial(_add, page, model, uid, titles))]
    if titles:
        rows = panel.add_rows("Danh hiệu", [_row(title) for title in titles])
        known = {title.former: title for title in titles if title.former}
        rows.opened.connect(lambda key: _complete(page, model, uid, known.get(key)))
        if known:
            tools.append(small_button(REMOVE, "trash-2", lambda: _remove(page, known, rows.current_key)))
    panel.add_tools(*tools)


def _row(title: Title) -> RowItem:
    chip: ChipData | None
    parts: tuple[str, ...]
    if not title.former:
        is_void = title.status is CertificateStatus.VOIDED
        words = CERTIFICATE_STATUS[title.status]
        chip = ChipData(words, "failed" if is_void else "passed", "ban" if is_void else "award")
        parts = (f"số {title.number}" if title.number else "", title.decision and f"QĐ {title.decision}")
    else:
        chip = ChipData("Theo giấy năm đó", "neutral", "minus") if title.is_overruled else None
        parts = (f"số {title.number}" if title.number else "", source_words(title.source), title.note)
    name = f"{word(title.model)} {title.year}"
    return RowItem(title.former or title.certificate, name, " · ".join(part for part in parts if part), chip)


def source_words(source: str) -> str:
    """Where a title of a former year is known from: "theo danh sách ho_2025.xlsx", "ghi tay"."""
    from desktop_app.services.registry.former_titles import BY_HAND

    return source if source in ("", BY_HAND) else f"theo danh sách {source}"


def _add(page: EditPage, model: LearningModel, uid: str, titles: Sequence[Title]) -> None:
    from desktop_app.services.registry.former_titles import latest_year

    latest = latest_year(page.context)
    taken = {title.year for title in titles}
    free = next((year for year in range(latest, latest - 30, -1) if year not in taken), None)
    _ask(page, model, uid, {"year": free}, latest, f"Ghi danh hiệu {word(model)} của {page.record_name}")


def _complete(page: EditPage, model: LearningModel, uid: str, title: Title | None) -> None:
    """Enter on a title of a former year: its number and note."""
    from desktop_app.services.registry.former_titles import latest_year

    if title is not None:
        first = {"year": title.year, "number": title.number, "note": title.note}
        words = f"{word(model)} {title.year} của {page.record_name}"
        _ask(page, model, uid, first, latest_year(page.context), words, title)


def _ask(
    page: EditPage, model: LearningModel, uid: str, first: Values, latest: int, words: str, known: Title | None = None
) -> None:
    """Open the form."""
    from desktop_app.services.registry.former_titles import FIRST_YEAR, MAX_NOTE, MAX_NUMBER, change_title, record_title

    def save(values: Values) -> SaveResult:
        number, note = str(values.get("number") or ""), str(values.get("note") or "")
        if known is None:
            record_title(page.context, model, uid, int(values["year"]), number=number, note=note)
        else:
            change_title(page.context, known.former, number=number, note=note)
        return SaveResult(uid)

    asks_year = Field(
        "year", "Năm được công nhận", "integer", is_required=True, minimum=FIRST_YEAR, maximum=latest, width=120,
        help=f"Từ năm {latest} trở về trước; những năm sau do đợt đánh giá công nhận.",
    )  # fmt: skip
    fields = (
        *([asks_year] if known is None else []),
        Field("number", "Số giấy công nhận", max_length=MAX_NUMBER, help="Để trống nếu không có giấy."),
        Field("note", "Ghi chú", max_length=MAX_NOTE, placeholder="theo sổ cũ của Hội Khuyến học xã…"),
    )

    def said(result: SaveResult, values: Values) -> None:
        page.after_save(f"Đã ghi danh hiệu {word(model)} {values.get('year', first['year'])}.", result)

    page.open_task(
        FormTask(
            words,
            FormSpec(fields),
            {key: value for key, value in first.items() if key != "year" or known is None},
            save=save,
            on_saved=said,
            is_new=True,
            save_text="Ghi",
        )
    )


def _remove(page: EditPage, known: dict[str, Any], key: str) -> None:
    """Take the chosen title back; the only one without being chosen."""
    from desktop_app.services.registry.former_titles import remove_title

    title = known.get(key) or (next(iter(known.values())) if len(known) == 1 else None)
    if title is None:
        page.ask_bar.say("Hãy chọn danh hiệu năm trước cần bỏ.", Answer("Đã hiểu", page.focus_list))
        return
    page.do(partial(remove_title, page.context, title.former), f"Đã bỏ danh hiệu {word(title.model)} {title.year}.")
