"""The sentences of all issues, by code, in one place; each says what was seen, what is kept, and what can be done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from desktop_app.services.importing.preview import Issue, Severity

_ERRORS: dict[str, str] = {
    "name.missing": "Dòng có dữ liệu nhưng thiếu họ tên nên chưa nhập. Hãy điền họ tên.",
    "name.not_text": "Ô họ tên chứa “{value}”, không phải tên người, nên dòng này chưa nhập. Hãy xem lại cột họ tên.",
    "name.digits": "Họ tên “{value}” có chữ số nên dòng này chưa nhập. Hãy bỏ chữ số khỏi họ tên.",
    "birth.impossible": "Năm sinh {value} cho {kept} tuổi nên dòng này chưa nhập. Hãy sửa lại ngày sinh.",
    "name.too_long": "Họ tên dài {length} ký tự nên dòng này chưa nhập. Hãy rút gọn còn họ tên.",
    "birth.not_a_date": "Ngày sinh “{value}” không đọc được nên dòng này chưa nhập. Hãy ghi dạng 08/05/1984 hoặc 1984.",
    "birth.out_of_range": "Năm sinh trong “{value}” không hợp lý nên dòng này chưa nhập. Hãy sửa lại ngày sinh.",
    "birth.in_future": "Ngày sinh “{value}” sau hôm nay nên dòng này chưa nhập. Hãy sửa lại ngày sinh.",
    "birth.impossible_date": "Ngày “{value}” không có trong lịch nên dòng này chưa nhập. Hãy sửa lại ngày sinh.",
    "name.formula_error": "Ô họ tên có công thức lỗi {value} nên dòng này chưa nhập. Hãy sửa công thức trong Excel.",
    "name.not_computed": "Ô họ tên có công thức chưa được tính nên dòng này chưa nhập. Hãy mở bằng Excel, lưu lại rồi "
    "nhập lại.",
    "unit.no_name": "Dòng có dữ liệu nhưng thiếu tên nên chưa nhập. Hãy điền tên.",
    "unit.not_name": "Ô tên chứa “{value}”, không phải tên, nên dòng này chưa nhập. Hãy xem lại cột tên.",
    "score.not_number": "Điểm “{value}” không phải số nên phiếu này chưa nhập. Hãy ghi điểm bằng số.",
    "score.is_date": "Ô điểm chứa ngày giờ {value}: có lẽ Excel đã đổi điểm thành ngày, nên phiếu này chưa nhập. "
    "Hãy ghi lại điểm bằng số.",
    "score.negative": "Điểm {value} nhỏ hơn 0 nên phiếu này chưa nhập. Hãy sửa lại điểm.",
}
_WARNINGS: dict[str, str] = {
    "name.cleaned": "Họ tên “{value}” có ký hiệu lạ; đã bỏ ký hiệu, còn “{kept}”.",
    "row.thin": "Dòng chỉ có họ tên, không có thông tin nào khác; hãy xem có đúng là một người không.",
    "row.repeated": "Người này đã có ở {place}; chỉ tính một lần.",
    "birth.rare": "Người này {kept} tuổi theo năm sinh {value}; hãy xem lại.",
    "birth.kept_year": "Ngày “{value}” không có trong lịch; chỉ giữ năm {kept}.",
    "birth.ambiguous": "Ngày “{value}” có thể hiểu hai cách; đang hiểu là {kept}.",
    "birth.unclear": "Ngày “{value}” không rõ đâu là ngày, đâu là tháng; chỉ giữ năm {kept}, hãy xem lại.",
    "birth.month_first": "Ngày “{value}” ghi tháng trước ngày; đã hiểu là {kept}.",
    "birth.two_digit_year": "Năm sinh trong “{value}” chỉ có hai chữ số; đã hiểu là {kept}.",
    "birth.year_as_date": "Năm sinh bị Excel hiện thành ngày {value}; đã hiểu là {kept}.",
    "birth.both_columns": "Ngày sinh có ở cả cột Nam và cột Nữ; chưa rõ giới tính.",
    "cccd.lost_zero": "Số CCCD trong tệp bị mất số 0 ở đầu (“{value}”); đã điền lại.",
    "cccd.digits_lost": "Số CCCD bị Excel rút gọn thành “{value}”, mất chữ số; đã bỏ trống ô này.",
    "cccd.not_digits": "Số CCCD “{value}” có chữ; đã bỏ trống ô này.",
    "cccd.typed_letters": "Ô CCCD ghi “{value}” lẫn chữ; đã lấy 12 chữ số, hãy xem lại.",
    "cccd.length": "Số CCCD “{value}” không đủ 12 (hoặc 9) chữ số; đã bỏ trống ô này.",
    "cccd.bad_province": "Mã tỉnh trong số CCCD không có trong danh mục; hãy xem lại.",
    "cccd.sex_mismatch": "Số CCCD cho thấy giới tính khác với danh sách; đã giữ theo danh sách.",
    "cccd.year_mismatch": "Số CCCD cho thấy năm sinh khác với danh sách; đã giữ theo danh sách.",
    "cccd.shared": "Số CCCD này trùng với người khác ở {place}; hãy xem lại.",
    "phone.lost_zero": "Số điện thoại bị mất số 0 ở đầu (“{value}”); đã điền lại.",
    "phone.old_prefix": "Số điện thoại 11 số đã đổi sang đầu số mới: {kept}.",
    "phone.first_of_several": "Ô có nhiều số điện thoại; chỉ lấy số đầu {kept}.",
    "phone.unreadable": "Số điện thoại “{value}” không đọc được; đã bỏ trống ô này.",
    "sex.unknown_word": "Giới tính “{value}” không hiểu được; đã bỏ trống ô này.",
    "sex.from_cccd": "Danh sách thiếu giới tính; tạm lấy theo số CCCD: {kept}.",
    "sex.from_relation": "Danh sách thiếu giới tính; tạm lấy theo quan hệ “{value}”: {kept}.",
    "sex.unclear": "Danh sách thiếu giới tính; quan hệ và số CCCD cho thấy khác nhau nên để trống.",
    "sex.not_relation": "Giới tính không hợp với quan hệ “{value}”; đã giữ nguyên, hãy xem lại.",
    "poverty.unknown_word": "Diện hộ “{value}” không hiểu được; đã bỏ trống ô này.",
    "poverty.conflict": "Trong cùng một hộ ghi diện hộ khác nhau; đã giữ “{kept}” theo dòng đầu.",
    "life.dead": "Ghi chú “{value}” cho biết người này đã mất; sẽ ghi là đã mất.",
    "life.moved": "Ghi chú “{value}” cho biết người này đã chuyển đi; sẽ ghi là đã chuyển đi.",
    "life.away": "Ghi chú “{value}” cho biết người này đang vắng; sẽ ghi là tạm vắng.",
    "group.unknown_word": "Nhóm đối tượng “{value}” không hiểu được; hãy chọn lại nhóm.",
    "household.two_heads": "Hộ này đã có chủ hộ ở dòng trên; quan hệ của người này để trống, hãy xem lại ai là chủ hộ.",
    "household.no_head": "Hộ này không có chủ hộ trong danh sách.",
    "household.hamlet_differs": "Thôn “{value}” khác với thôn “{kept}” của hộ; đã giữ theo dòng đầu của hộ.",
    "relation.ditto_head": "Dấu lặp lại dưới “Chủ hộ”; đã bỏ trống quan hệ.",
    "hamlet.missing": "Không thấy tên thôn ở cột, tên trang tính hay tiêu đề; hãy chọn thôn.",
    "hamlet.kind_guessed": "Cột thôn chỉ ghi “{value}”; đang hiểu là {kept}. Nếu không phải, hãy sửa trong danh sách.",
    "hamlet.from_file": "Danh sách không ghi thôn; tạm lấy theo tên tệp: {kept}. Hãy xem lại.",
    "hamlet.from_address": "Danh sách không ghi thôn; từ dòng này thôn được lấy theo địa chỉ: {kept}.",
    "ditto.nothing_above": "Dấu lặp lại nhưng phía trên không có gì; đã bỏ trống ô này.",
    "cell.formula_error": "Ô có công thức lỗi {value}; đã bỏ trống ô này.",
    "cell.not_computed": "Ô có công thức chưa được tính; đã bỏ trống ô này. Hãy mở bằng Excel, lưu lại rồi nhập lại.",
    "cell.too_long": "Ô dài {length} ký tự; đã bỏ trống ô này.",
    "score.blank": "Phiếu còn {count} chỉ số chưa có điểm.",
    "score.dash": "Ô điểm ghi dấu “{value}” ở {count} chỉ số: chưa rõ là 0 điểm hay chưa chấm nên để trống; nếu là 0 "
    "hãy ghi số 0.",
    "score.total_unread": "Cột tổng ghi “{value}”, không phải số; tổng tính theo các chỉ số.",
    "score.columns_left": "Trang “{sheet}” có nhiều cột điểm; đã lấy cột “{kept}”, không lấy {value}. Hãy xem lại.",
    "sheet.turned": "Trang “{sheet}” ghi các chỉ số theo hàng dọc; đã đọc thành mỗi phiếu một dòng.",
    "sheet.beside": "Trang “{sheet}” có nhiều bảng điểm đặt cạnh nhau; đã đọc lần lượt từng bảng.",
    "group.from_sheet": "Trang “{sheet}” ghi nhóm “{value}”; đã hiểu là {kept} cho những dòng không ghi nhóm.",
    "score.total_differs": "Cột tổng ghi {value} nhưng cộng các chỉ số được {kept}; đã lấy theo các chỉ số.",
    "columns.by_content": "Cột {column} có tiêu đề “{title}” nhưng chứa {kept}; đã hiểu theo nội dung, hãy xem lại.",
    "columns.other_people": "Cột {column} “{title}” ghi tên những người khác; mỗi dòng chỉ lấy một người nên người ở "
    "cột này chưa được nhập. Hãy ghi mỗi người một dòng rồi nhập lại.",
    "unit.repeated": "Tên này đã có ở dòng {place}; chỉ tính một lần.",
    "unit.leader_unread": "Ô người phụ trách ghi “{value}”, không phải tên người; đã bỏ trống ô này.",
    "unit.kind_unknown": "Loại đơn vị “{value}” không hiểu được; loại lấy theo tên đơn vị.",
    "unit.unclear": "Các dòng ghi {value} khác nhau cho {kept} nên chưa lấy; hãy ghi ở danh sách của nó.",
    "units.counted": "Cột {column} “{title}” không nhập: sổ tự đếm theo danh sách hộ, người.",
    "units.left_out": "Cột {column} “{title}” không nhập: sổ không ghi điều này cho danh sách loại này.",
    "header.missing": "Không thấy dòng tiêu đề; các cột được hiểu theo nội dung, hãy xem lại.",
    "sheet.no_persons": "Trang “{sheet}” không có người nào nên được bỏ qua.",
    "sheet.no_names": "Trang “{sheet}” không có cột họ tên nên được bỏ qua.",
    "sheet.no_scores": "Trang “{sheet}” không có cột họ tên và các cột điểm nên được bỏ qua.",
    "sheet.is_scores": "Trang “{sheet}” là bảng điểm, không phải danh sách công dân, nên được bỏ qua; "
    "bảng điểm được nhập riêng như phiếu chấm.",
    "sheet.hidden": "Trang “{sheet}” đang ẩn nên được bỏ qua; muốn nhập hãy chọn trang này.",
    "sheet.far_rows": "Trang “{sheet}” có ô ở dòng {value}, cách danh sách hơn 10.000 dòng trống; chỗ đó không đọc. "
    "Nếu là người của danh sách, hãy chuyển lên liền danh sách rồi nhập lại.",
    "sheet.hidden_rows": "Trang “{sheet}” có {count} dòng ẩn; các dòng này vẫn được đọc.",
    "sheet.hamlets_differ": "Tên trang là “{value}” nhưng tiêu đề ghi “{kept}”; đã lấy theo tên trang.",
}

MESSAGES = {**_ERRORS, **_WARNINGS}
"""Code → sentence with places for values."""

_REPAIRS = frozenset(
    {
        "name.cleaned", "cccd.lost_zero", "cccd.typed_letters", "phone.lost_zero", "phone.old_prefix",
        "phone.first_of_several", "birth.month_first", "birth.two_digit_year", "sex.from_cccd", "sex.from_relation",
        "birth.year_as_date", "life.dead", "life.moved", "life.away", "hamlet.kind_guessed", "hamlet.from_address",
    }
)  # fmt: skip
"""Told when a value was mended or taken from elsewhere: news once, no news of a row whose value the register has."""


def open_issues(issues: Iterable[Issue]) -> Iterator[Issue]:
    """Return what of a row's issues is still to be acted on when the register holds all that the row says."""
    return (issue for issue in issues if issue.code not in _REPAIRS)


def make_issue(
    code: str,
    sheet: str,
    row: int | None = None,
    column: str = "",
    title: str = "",
    **values: object,
) -> Issue:
    """Return an issue with its sentence; long values are shortened so that a message stays a sentence."""
    shown = {key: _short(value) for key, value in values.items()}
    message = MESSAGES[code].format(sheet=sheet, column=column, title=title, **shown)
    severity = Severity.ERROR if code in _ERRORS else Severity.WARNING
    return Issue(severity, code, message, sheet, row, column, title)


def _short(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = str(value)
    return text if len(text) <= 60 else f"{text[:57]}…"
