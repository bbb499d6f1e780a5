"""Pages of the gallery: every widget at work, with invented people, drawn after the six pictures of the aim."""

from __future__ import annotations

from dataclasses import dataclass

from desktop_app.ui import widgets as w
from desktop_app.ui.page import Page

STATS = (
    w.StatData("Công dân học tập", 6412, 11830, "người từ 16 tuổi", 0.60),
    w.StatData("Gia đình học tập", 3105, 4218, "hộ", 0.80),
    w.StatData("Dòng họ học tập", 17, 24, "dòng họ", 0.75),
    w.StatData("Đơn vị học tập", 29, 31, "đơn vị", 0.90),
)
PASSED, FAILED, OPEN = w.ChipData("Đạt", "passed"), w.ChipData("Chưa đạt", "failed"), w.ChipData("Chưa chấm")


@dataclass(frozen=True)
class Hamlet:
    name: str
    whole: int
    assessed: int
    passed: int

    @property
    def left(self) -> int:
        return self.whole - self.assessed

    @property
    def share(self) -> float:
        return self.passed / self.whole


HAMLETS = (
    Hamlet("Thôn 1", 812, 640, 498),
    Hamlet("Thôn 2", 1034, 1010, 861),
    Hamlet("Thôn 3", 655, 301, 214),
    Hamlet("Thôn 4", 948, 932, 790),
    Hamlet("Ấp Bình Hòa", 1201, 870, 702),
    Hamlet("TDP số 2", 730, 724, 655),
)
HAMLET_COLUMNS = (
    w.Column("name", "Thôn", 110, stretch=1),
    w.Column("whole", "Trong diện", 88, "number"),
    w.Column("assessed", "Đã chấm", 80, "number"),
    w.Column("passed", "Đạt", 56, "number"),
    w.Column("bar", "", 140, "bar", lambda h: w.BarCell(h.share, h.assessed / h.whole, 0.6), is_sortable=False),
    w.Column("share", "Tỷ lệ đạt", 90, "number", lambda h: f"{h.share * 100:.1f} %".replace(".", ",")),
    w.Column(
        "left",
        "",
        132,
        "small",
        lambda h: w.ToneText(f"còn {h.left} chưa chấm", "attention" if h.left > 300 else "neutral"),
        is_sortable=False,
    ),
)


class OverviewPage(Page):
    """Like picture 1."""

    title_text = "Tổng quan"

    def __init__(self, context: object) -> None:
        super().__init__(context)
        self.body.addWidget(w.CardGrid(*[w.StatCard(data) for data in STATS]))
        table = w.DataTable(
            "gallery.hamlets", HAMLET_COLUMNS, title="Công dân học tập theo thôn", note="vạch: chỉ tiêu 60 %"
        )
        table.show_rows(6)
        table.set_source(w.ListSource(HAMLETS))
        result = w.Card("Kết quả chấm", note="đợt 2026, mọi thôn")
        result.body.addWidget(
            w.DonutOrBars(
                [
                    w.Slice("Đạt", 6412),
                    w.Slice("Chưa đạt", 1213, "attention_mark"),
                    w.Slice("Đã chấm, chưa đủ", 902, "accent_soft"),
                    w.Slice("Chưa chấm", 3303, "neutral"),
                ],
                "người",
            )
        )
        result.body.addStretch(1)
        self.body.addWidget(w.MasterDetail(table, result, detail_width=400), 1)
        self.bind("preview", lambda: None)
        self.set_header_buttons(self.button_for("preview", text="In báo cáo"))


class PiecesPage(Page):
    """All small widgets."""

    title_text = "Các mảnh nhỏ"

    def __init__(self, context: object) -> None:
        super().__init__(context)
        self.body.addWidget(
            w.FlowRow(
                w.FilterChip("Thôn", [("", "tất cả"), ("1", "Thôn 1")]),
                w.FilterChip("Nhóm", [("", "tất cả"), ("1", "Người lao động")], value="1"),
                w.FilterChip.switch("Thiếu CCCD: 214", "attention", "triangle-alert"),
                w.FilterChip.switch("Nghi trùng: 9", "attention", "copy"),
                w.Chip("Đạt", "passed"),
                w.Chip("Chưa đạt", "failed"),
                w.Chip("Chưa chấm"),
            )
        )
        banner = w.Banner("Bảng dùng phông .VnTime (TCVN3): đã chuyển sang Unicode.", "attention", button="Xem lại")
        self.body.addWidget(banner)
        self.body.addWidget(w.Banner("Đã nhập 402 người.", "passed"))
        bar = w.ConfirmBar("Xóa 3 hộ khỏi sổ? Có thể hoàn tác trong Nhật ký.", "Xóa 3 hộ")
        self.body.addWidget(bar)
        bar.show()
        self.body.addWidget(
            w.FlowRow(
                w.QuietButton("Sửa", key="F2"),
                w.QuietButton("Minh chứng (1)", icon="paperclip"),
                w.PrimaryButton("Tiếp", trailing="corner-down-left"),
                w.Button("Xóa", icon="trash-2", role="danger", key="F8"),
                w.Button("Xem thêm", role="link"),
                w.IconButton("ellipsis", "Việc khác"),
                w.KeyHint("Enter", "ô kế"),
                w.KeyHint("F7", "lặp giá trị trên"),
            )
        )
        disabled = w.PrimaryButton("Không bấm được")
        disabled.setEnabled(False)
        self.body.addWidget(disabled)
        empty = w.Card()
        sentence = "Chưa có ai trong sổ. Hãy nhập danh sách của xã."
        empty.body.addWidget(w.EmptyState("users", sentence, "Nhập khẩu", key="Ctrl+I"))
        self.body.addWidget(empty, 1)
        self.set_header_buttons(self.button_for("add", lambda: None, text="Thêm", primary=True))


@dataclass(frozen=True)
class Person:
    name: str
    born: str
    hamlet: str
    household: str
    group: str
    score: int | None
    result: w.ChipData


PEOPLE = (
    Person("Nguyễn Thị Lan", "1984", "Thôn 3", "03-0127", "Người dân trong xã", 83, PASSED),
    Person("Nguyễn Văn Ước", "02/09/1971", "Thôn 3", "03-0127", "Người lao động", 78, FAILED),
    Person("Nguyễn Minh Đạt", "14/05/2008", "Thôn 3", "03-0127", "Học sinh, sinh viên", 88, PASSED),
    Person("Trần Thị Ánh", "20/11/1990", "Thôn 1", "01-0044", "Cán bộ, viên chức", 91, PASSED),
    Person("Trần Văn Bình", "1952", "Thôn 1", "01-0044", "Người dân trong xã", None, OPEN),
    Person("Võ Thị Hạnh", "07/03/1987", "Ấp Bình Hòa", "05-0210", "Người lao động", 80, PASSED),
    Person("H’ Bia Mlô", "1979", "Thôn 4", "04-0018", "Người dân trong xã", 72, FAILED),
    Person("Đặng Minh Quân", "30/01/2001", "TDP số 2", "08-0009", "Người lao động", 85, PASSED),
    Person("Phạm Đức Thắng", "11/12/1966", "Thôn 2", "02-0133", "Cán bộ, viên chức", None, OPEN),
    Person("Huỳnh Thị Diễm", "25/08/1995", "Thôn 2", "02-0134", "Người lao động", 81, PASSED),
    Person("Lý Thị Xuyến", "1948", "Thôn 6", "06-0077", "Người dân trong xã", 64, FAILED),
    Person("Đỗ Hữu Lợi", "19/04/1983", "Thôn 6", "06-0078", "Người lao động", 90, PASSED),
    Person("Bùi Thị Mỵ", "03/06/2009", "Thôn 6", "06-0080", "Học sinh, sinh viên", None, OPEN),
    Person("Nguyễn Hoàng Thị Ngọc Ẩn", "17/10/1992", "Ấp Bình Hòa", "05-0019", "Người lao động", 77, FAILED),
)
PERSON_COLUMNS = (
    w.Column("name", "Họ và tên", 164, "strong", stretch=2),
    w.Column("born", "Sinh", 98),
    w.Column("hamlet", "Thôn", 106, stretch=1),
    w.Column("household", "Hộ", 76, "quiet"),
    w.Column("group", "Nhóm", 150, stretch=1),
    w.Column("score", "Điểm", 58, "number", tip="Điểm của đợt 2026"),
    w.Column("result", "Kết quả", 130, "chip", is_sortable=False),
)


class CitizensPage(Page):
    """Like picture 4."""

    title_text = "Công dân"
    searches_itself = True

    def __init__(self, context: object) -> None:
        super().__init__(context)
        left = w.vbox(spacing=10)
        holder = w.sized(w.Card(margins=0), min_width=320)
        holder.setProperty("role", "body")
        columns = w.FilterChip("Cột")
        columns.icon_name = "sliders-horizontal"
        filters = w.FlowRow(
            w.FilterChip("Thôn", [("", "tất cả"), ("1", "Thôn 1")]),
            w.FilterChip("Nhóm", [("", "tất cả"), ("1", "Người lao động")]),
            w.FilterChip.switch("Thiếu CCCD: 214", "attention", "triangle-alert"),
            w.FilterChip.switch("Nghi trùng: 9", "attention", "copy"),
            columns,
        )
        self.table = w.DataTable("gallery.people", PERSON_COLUMNS)
        columns.clicked.connect(lambda: self.table.column_button_menu(columns))
        left.addWidget(filters)
        left.addWidget(self.table, 1)
        holder.body.addLayout(left)
        self.panel = w.SidePanel()
        self.body.addWidget(w.MasterDetail(holder, self.panel), 1)
        self.table.row_selected.connect(self._on_selected)
        self.bind("edit", lambda: None)
        self.set_header_buttons(
            w.QuietButton("Nhập khẩu", icon="file-up"),
            self.button_for("add", lambda: None, text="Thêm", primary=True),
        )

    def refresh(self) -> None:
        self.table.set_source(w.ListSource(PEOPLE))
        self.set_subtitle("11.830 người")

    def on_shown(self) -> None:
        self.table.view.setFocus()

    def _on_selected(self, person: Person | None) -> None:
        self.panel.clear()
        if person is None:
            return
        self.panel.set_title(person.name, w.ChipData("Công nhận 2025, 2026", "passed", "award"))
        for name, value in (("Ngày sinh", person.born), ("Giới tính", "Nữ")):
            self.panel.add_row(name, value)
        self.panel.add_secret("Số CCCD", "0•• ••• ••• 319", "012184000319")
        for name, value in (
            ("Hộ", f"{person.household} · vợ chủ hộ"),
            ("Nghề nghiệp", "Nông dân"),
            ("Nhóm", person.group),
            ("Chi hội", "CH-0312 Thôn 3"),
        ):
            self.panel.add_row(name, value)
        self.panel.add_section("Đánh giá 2026")
        self.panel.add_text("Đạt: 83/100 điểm, không chỉ số nào dưới 5.", tone="passed")
        self.panel.add_section("Lịch sử")
        self.panel.add_text("12/11 14:20 Chấm phiếu · Lê Thị Hạnh", "small")
        self.panel.add_text("03/11 09:12 Nhập từ Thon3.xlsx · Lê Thị Hạnh", "small")
        self.panel.set_buttons(w.PrimaryButton("Mở phiếu"), w.QuietButton("Sửa", key="F2"))


LEVELS = (
    w.Level("Thành thạo", 9, 10, "Tính toán, so sánh để cải tiến cách làm; có kết quả, hướng dẫn được người khác"),
    w.Level("Khá", 7, 8, "Biết tính toán chi phí, công sức; đã đổi cách làm ít nhất một việc trong năm"),
    w.Level("Đạt", 5, 6, "Tính toán được việc hằng ngày của mình"),
    w.Level("Chưa đạt", 0, 4, "Còn phải nhờ người khác trong việc tính toán hằng ngày"),
)
INDICATORS = (
    ("Tìm kiếm, tra cứu, đọc, cập nhật thông tin", 9),
    ("Xây dựng kế hoạch học tập", 8),
    ("Sắp xếp công việc để tham gia học", 8),
    ("Động viên, tạo điều kiện cho người khác học", 9),
    ("Sử dụng công nghệ thông tin", 8),
    ("Sử dụng ngoại ngữ", 4),
    ("Tính toán để công việc được cải tiến", None),
    ("Tư duy biện chứng và phản biện", None),
    ("Quan hệ thân thiện, giải quyết xung đột", None),
    ("Hợp tác, chia sẻ; bình đẳng giới", None),
)


@dataclass(frozen=True)
class Indicator:
    number: int
    text: str
    score: object


class ScoringPage(Page):
    """Like picture 2."""

    title_text = "Chấm phiếu công dân"

    def __init__(self, context: object) -> None:
        super().__init__(context)
        left = w.Card(margins=(10, 14), spacing=2)
        left.body.addWidget(w.label("Nguyễn Thị Lan", "title"))
        left.body.addWidget(w.label("1984 · Thôn 3 · hộ 03-0127 · Người dân trong xã", "small", wrap=True))
        columns = (
            w.Column("number", "", 36, "quiet", is_sortable=False),
            w.Column("text", "Chỉ số", 120, "text", stretch=1, is_sortable=False),
            w.Column("score", "Điểm", 64, "number", is_sortable=False),
        )
        table = w.DataTable("gallery.indicators", columns)
        table.setProperty("role", "body")
        rows = [
            Indicator(i + 1, text, w.ToneText(str(score), "failed", True) if score == 4 else score)
            for i, (text, score) in enumerate(INDICATORS)
        ]
        table.set_source(w.ListSource(rows))
        table.select_row(6)
        left.body.addWidget(table, 1)
        right = w.Card(spacing=8)
        head = w.hbox()
        head.addWidget(w.label("II. Năng lực sử dụng công cụ học tập, làm việc", "small"))
        head.addStretch(1)
        head.addWidget(w.label("7 / 10", "small"))
        right.body.addLayout(head)
        text = "Kỹ năng tính toán để công việc luôn được cải tiến, sáng tạo đạt chất lượng và hiệu quả cao."
        right.body.addWidget(w.label(text, "title", wrap=True))
        right.body.addWidget(w.label("Mức gợi ý của phần mềm; chưa đối chiếu phụ lục QĐ 324", "warning"))
        self.levels = w.LevelList()
        self.levels.set_levels(LEVELS)
        self.levels.set_score(7)
        right.body.addWidget(self.levels)
        row = w.hbox(spacing=12)
        row.addWidget(w.label("Điểm"))
        self.score = w.ScoreBox(10)
        self.score.set_score(7)
        row.addWidget(self.score)
        row.addWidget(w.label("/ 10 · năm 2025: 6", "quiet"))
        row.addStretch(1)
        row.addWidget(w.QuietButton("Minh chứng (1)", icon="paperclip"))
        right.body.addLayout(row)
        right.body.addStretch(1)
        foot = w.Card(margins=(18, 12))
        line = w.hbox(spacing=20)
        line.addWidget(w.Figure("53", "/ 100"))
        words = w.vbox(spacing=2)
        words.addWidget(w.label("Chưa đạt: chỉ số 6 được 4 điểm, phải từ 5. Còn 4 chỉ số.", wrap=True, tone="failed"))
        words.addWidget(w.label("Nếu chỉ số 6 lên 5 và các chỉ số còn lại từ 9 điểm thì đạt.", "small", wrap=True))
        line.addLayout(words, 1)
        line.addWidget(w.QuietButton("Người trước", icon="arrow-left"))
        line.addWidget(w.PrimaryButton("Tiếp", trailing="corner-down-left"))
        foot.body.addLayout(line)
        column = w.Card(margins=0, spacing=16)
        column.setProperty("role", "body")
        column.body.addWidget(right, 1)
        column.body.addWidget(foot)
        self.body.addWidget(w.MasterDetail(column, left, detail_width=320, detail_first=True), 1)
        self.set_header_buttons(w.QuietButton("Nhập nhanh", icon="table-2", key="Ctrl+K"))

    def on_shown(self) -> None:
        self.score.setFocus()


@dataclass(frozen=True)
class Line:
    row: int
    name: str
    born: str
    cccd: str
    deed: w.ChipData
    note: object


LINES = (
    Line(7, "Nguyễn Minh Tùng", "08/05/1986", "031086167379", w.ChipData("Mới", "passed", "plus"), ""),
    Line(
        8,
        "Phạm Bích Oanh",
        "23/08/1986",
        "",
        w.ChipData("Mới", "passed", "plus"),
        w.ToneText("không có CCCD"),
    ),
    Line(
        9,
        "Nguyễn Xuân An",
        "24/05/2009",
        "079209153576",
        w.ChipData("Sửa", "attention", "pencil"),
        w.ToneText("CCCD mất số 0 đầu: 79209153576 → 079209153576", "attention"),
    ),
    Line(11, "Trương Hồng Uyên", "07/03/1982", "037182279482", w.ChipData("Như cũ"), ""),
    Line(
        14,
        "Đinh Công Ẩn",
        "31/02/1990",
        "001090114852",
        w.ChipData("Không nhận", "failed"),
        w.ToneText("ngày 31/02 không có", "failed"),
    ),
)
LINE_COLUMNS = (
    w.Column("row", "Dòng Excel", 100, "number"),
    w.Column("name", "Họ và tên", 200, "strong"),
    w.Column("born", "Ngày sinh", 110),
    w.Column("cccd", "Số CCCD", 140),
    w.Column("deed", "Sẽ làm", 140, "chip"),
    w.Column("note", "Ghi chú", 200, "small", stretch=1),
)


class ImportPage(Page):
    """Like picture 5."""

    title_text = "Nhập khẩu · danh_sach_thon_1.xls"

    def __init__(self, context: object) -> None:
        super().__init__(context)
        steps = w.Stepper(["Chọn tệp", "Ghép cột", "Xem trước", "Nhập"])
        steps.set_current(2)
        self.body.addWidget(steps)
        sentence = "Bảng dùng phông .VnTime (TCVN3): đã chuyển “NguyÔn Minh Tïng” thành “Nguyễn Minh Tùng”."
        self.body.addWidget(w.Banner(sentence, "attention", button="Xem lại", icon="languages", closable=False))
        self.body.addWidget(
            w.FlowRow(
                w.Chip("Mới 368", "passed", "plus"),
                w.Chip("Thay đổi 34", "attention", "pencil"),
                w.Chip("Như cũ 511", "neutral"),
                w.Chip("Ngờ trùng 7", "attention", "copy"),
                w.Chip("Không nhận 4", "failed"),
                w.QuietButton("Tải các dòng lỗi", icon="download", small=True),
            )
        )
        table = w.DataTable("gallery.import", LINE_COLUMNS)
        table.set_source(w.ListSource(LINES))
        self.body.addWidget(table, 1)
        self.body.addWidget(w.label("Nhập xong vẫn hoàn tác được cả lần nhập bằng một nút, kể cả hôm sau.", "small"))
        self.set_header_buttons(w.QuietButton("Hủy"), w.PrimaryButton("Nhập 402 người"))


def find_hamlets(text: str) -> list[tuple[str, str]]:
    from desktop_app.services.vietnamese import fold

    return [(h.name, h.name) for h in HAMLETS if fold(text) in fold(h.name)]


FORM = w.FormSpec(
    (
        w.Field("name", "Họ và tên", is_required=True, help="Như trên giấy khai sinh.", section="Người này là ai"),
        w.Field("born", "Ngày sinh", "date", is_required=True, help="Chỉ nhớ năm thì gõ năm."),
        w.Field("sex", "Giới tính", "choice", choices=(("male", "Nam"), ("female", "Nữ")), width=160),
        w.Field("cccd", "Số CCCD", "cccd", warn=lambda v: "Số này nói là nam, giới tính ghi nữ." if v else None),
        w.Field("phone", "Điện thoại", "phone"),
        w.Field("hamlet", "Thôn", "search", find=find_hamlets, section="Ở đâu, làm gì"),
        w.Field("years", "Số năm ở xã", "integer", minimum=0, maximum=120),
        w.Field("poor", "Thuộc hộ nghèo", "check"),
        w.Field("note", "Ghi chú", "multiline"),
    )
)


class FormPage(Page):
    """A form with an error, a warning and a masked number."""

    title_text = "Sửa công dân"

    def __init__(self, context: object) -> None:
        super().__init__(context)
        card = w.Card(margins=(24, 20))
        self.form = w.FormView(FORM, {"name": "Nguyễn Thị Lan", "sex": "female", "cccd": "012184000319", "years": 12})
        self.form.set_raw({"born": "31/02/1984"})
        self.form.validate()
        card.body.addWidget(self.form)
        self.body.addWidget(card, 1)
        self.set_header_buttons(w.QuietButton("Bỏ thay đổi"), w.PrimaryButton("Cất", key="Ctrl+S"))
