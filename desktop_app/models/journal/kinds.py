"""Every kind of operation: its sentence, how it may be taken back, and whether it stays on this machine.

Invariant: kinds are stored and exported and never change meaning. ``{subject}`` and other names in braces are
rendered from the arguments; an argument ``{"table", "uid"}`` becomes the row's name, so no personal value stands
in the arguments themselves.
"""

from __future__ import annotations

from dataclasses import dataclass

from desktop_app.models.types import UndoClass


@dataclass(frozen=True)
class Kind:
    """One kind of deed.

    Attributes:
        name: dotted word, e.g. ``import.citizens``.
        sentence: Vietnamese template over the arguments.
        undo: how it may be taken back.
        is_local: kept in this file's own stream (generation 0) and never sent.
    """

    name: str
    sentence: str
    undo: UndoClass = UndoClass.UNDOABLE
    is_local: bool = False


_KINDS = (
    Kind("register.create", "Lập sổ {commune}", UndoClass.VOIDED_ONLY),
    Kind("register.receive", "Nhận sổ từ gói giao việc của {device}", UndoClass.VOIDED_ONLY, True),
    Kind("settings.change", "Đổi thiết lập: {what}"),
    Kind("user.add", "Thêm người làm việc {subject}"),
    Kind("user.edit", "Sửa người làm việc {subject}"),
    Kind("hamlet.add", "Thêm {subject}"),
    Kind("hamlet.edit", "Sửa {subject}"),
    Kind("hamlet.remove", "Xóa {subject}"),
    Kind("hamlet.merge", "Nhập {other} vào {subject}"),
    Kind("hamlet.unite", "Nhập {other} và {more} thành {subject}"),
    Kind("hamlet.take_over", "Ghi {count} thôn, tổ thuộc xã cũ {former}"),
    Kind("household.add", "Thêm hộ {subject}"),
    Kind("household.edit", "Sửa hộ {subject}"),
    Kind("household.head", "Chọn {head} làm chủ hộ {subject}"),
    Kind("household.remove", "Xóa hộ {subject}"),
    Kind("household.split", "Tách {count} người của hộ {household} ra hộ {subject}"),
    Kind("household.join", "Nhập hộ {subject} vào hộ {household}"),
    Kind("household.move", "Chuyển hộ {subject} sang {hamlet}"),
    Kind("household.leave", "Ghi cả hộ {subject} chuyển khỏi xã"),
    Kind("household.return", "Ghi hộ {subject} trở về {hamlet}"),
    Kind("household.mend", "Chỉnh chủ hộ, ngày đóng của {count} hộ cho khớp với người đang ở"),
    Kind("citizen.add", "Thêm công dân {subject}"),
    Kind("citizen.edit", "Sửa công dân {subject}"),
    Kind("citizen.move", "Chuyển {subject} sang hộ {household}"),
    Kind("citizen.arrive", "Thêm {subject} mới đến hộ {household}"),
    Kind("citizen.born", "Thêm {subject} mới sinh ở hộ {household}"),
    Kind("citizen.death", "Ghi nhận {subject} đã mất"),
    Kind("citizen.away", "Ghi {subject} đi vắng"),
    Kind("citizen.leave", "Ghi {subject} chuyển khỏi xã"),
    Kind("citizen.return", "Ghi {subject} trở về"),
    Kind("citizen.remove", "Xóa công dân {subject}"),
    Kind("bulk.hamlet", "Chuyển {count} hộ sang {hamlet}"),
    Kind("bulk.branch", "Xếp {count} người vào chi hội {branch}"),
    Kind("bulk.no_branch", "Bỏ chi hội của {count} người"),
    Kind("bulk.group", "Đổi nhóm đối tượng của {count} người"),
    Kind("citizen.erase", "Xóa dữ liệu cá nhân theo yêu cầu", UndoClass.VOIDED_ONLY),
    Kind("citizen.reveal", "Xem số {field} của {subject}", UndoClass.VOIDED_ONLY, True),
    Kind("citizen.merge", "Gộp hồ sơ trùng {other} vào {subject}"),
    Kind("citizen.merge_many", "Gộp {count} cặp hồ sơ trùng"),
    Kind("citizen.unmerge", "Tách lại {other} đã gộp vào {subject}"),
    Kind("citizen.carry", "Chuyển phần mới đến của {count} hồ sơ đã gộp sang hồ sơ còn lại"),
    Kind("citizen.distinct", "Ghi {subject} và {other} là hai người"),
    Kind("citizen.undistinct", "Xem lại {subject} và {other} có phải hai người"),
    Kind("clan.add", "Thêm {subject}"),
    Kind("clan.edit", "Sửa {subject}"),
    Kind("clan.remove", "Xóa {subject}"),
    Kind("organization.add", "Thêm đơn vị {subject}"),
    Kind("organization.edit", "Sửa đơn vị {subject}"),
    Kind("organization.remove", "Xóa đơn vị {subject}"),
    Kind("branch.add", "Thêm chi hội {subject}"),
    Kind("branch.edit", "Sửa chi hội {subject}"),
    Kind("branch.remove", "Xóa chi hội {subject}"),
    Kind("import.citizens", "Nhập {count} công dân từ {file}"),
    Kind("import.units", "Nhập {count} dòng họ, đơn vị, chi hội, thôn từ {file}"),
    Kind("import.scores", "Nhập {count} phiếu chấm từ {file}"),
    Kind("round.add", "Mở đợt đánh giá {year}"),
    Kind("round.edit", "Sửa đợt đánh giá {year}"),
    Kind("round.sets", "Đổi mô hình và bộ tiêu chí của đợt {year}"),
    Kind("round.closing", "Bắt đầu khóa đợt {year}"),
    Kind("round.close", "Khóa đợt {year}"),
    Kind("round.reopen", "Mở lại đợt {year}"),
    Kind("round.remove", "Bỏ đợt đánh giá {year}"),
    Kind("round.next", "Mở đợt {year} từ đợt trước"),
    Kind("site.record", "Ghi tài khoản trang quốc gia của {count} người"),
    Kind("site.import", "Nhập tài khoản trang quốc gia của {count} người từ {file}"),
    Kind("site.follow", "Ghi người theo dõi tài khoản của {subject}"),
    Kind("registration.add", "Đăng ký {count} {model} năm {year}"),
    Kind("registration.remove", "Bỏ đăng ký {count} {model} năm {year}"),
    Kind("title.record", "Ghi {count} danh hiệu năm trước"),
    Kind("title.remove", "Bỏ {count} danh hiệu năm trước"),
    Kind("answer.form", "Chấm phiếu của {subject}"),
    Kind("answer.batch", "Nhập phiếu của tập {subject}"),
    Kind("batch.add", "Lập tập phiếu {subject}"),
    Kind("batch.edit", "Sửa tập phiếu {subject}"),
    Kind("batch.close", "Khóa tập phiếu {subject}"),
    Kind("batch.reopen", "Mở lại tập phiếu {subject}"),
    Kind("batch.remove", "Xóa tập phiếu {subject}"),
    Kind("second.draw", "Chọn {count} phiếu để nhập lần hai"),
    Kind("second.key", "Nhập lần hai phiếu của {subject}"),
    Kind("second.drop", "Bỏ phiếu của {subject} khỏi nhập lần hai"),
    Kind("second.settle", "Đối chiếu hai lần nhập của {subject}"),
    Kind("answer.reason", "Ghi lý do ở phiếu của {subject}"),
    Kind("assessment.sign", "Ghi người chấm phiếu của {subject}"),
    Kind("assessment.clear", "Xóa phiếu của {subject}"),
    Kind("evidence.add", "Thêm minh chứng cho {subject}"),
    Kind("evidence.edit", "Sửa minh chứng của {subject}"),
    Kind("evidence.remove", "Bỏ minh chứng của {subject}"),
    Kind("criteria.override", "Sửa bộ tiêu chí {set}"),
    Kind("criteria.confirm", "Xác nhận dùng bộ tiêu chí {set} theo {document}"),
    Kind("criteria.unconfirm", "Bỏ xác nhận bộ tiêu chí {set}"),
    Kind("criteria.choose", "Chọn dùng bộ tiêu chí {set}"),
    Kind("criteria.install", "Thêm bộ tiêu chí mới của chương trình"),
    Kind("criteria.edit", "Soạn bộ tiêu chí {set}"),
    Kind("criteria.check", "Ghi {count} dòng của {set} đã đối chiếu với văn bản"),
    Kind("criteria.bring", "Nạp bộ tiêu chí {set} từ {file}"),
    Kind("criteria.force", "Đưa bộ tiêu chí {set} vào dùng"),
    Kind("criteria.drop", "Bỏ bản soạn {set}"),
    Kind("review.record", "Ghi kết quả thẩm định {count} phiếu"),
    Kind("review.meeting", "Ghi buổi họp bình xét năm {year}"),
    Kind("posting.add", "Niêm yết danh sách {count} phiếu"),
    Kind("posting.edit", "Sửa danh sách niêm yết {subject}"),
    Kind("posting.remove", "Bỏ danh sách niêm yết {subject}"),
    Kind("objection.add", "Ghi ý kiến về {subject}"),
    Kind("objection.edit", "Sửa ý kiến về {subject}"),
    Kind("objection.answer", "Trả lời ý kiến về {subject}"),
    Kind("objection.remove", "Bỏ ý kiến về {subject}"),
    Kind("recognise", "Công nhận {count} {model} năm {year} theo quyết định {number}", UndoClass.VOIDED_ONLY),
    Kind("certificate.print", "In {count} giấy công nhận", UndoClass.VOIDED_ONLY),
    Kind("certificate.reprint", "In lại {count} giấy công nhận: {reason}", UndoClass.VOIDED_ONLY),
    Kind("certificate.sign", "Ghi đã ký {count} giấy công nhận"),
    Kind("certificate.hand_over", "Trao {count} giấy công nhận"),
    Kind("certificate.void", "Hủy giấy công nhận số {number}", UndoClass.VOIDED_ONLY),
    Kind("certificate.reissue", "Cấp lại giấy công nhận số {number}", UndoClass.VOIDED_ONLY),
    Kind("conflict.settle", "Phân xử {count} chỗ khác nhau", UndoClass.VOIDED_ONLY),
    Kind("package.create", "Đóng gói {count} thao tác gửi {device}", UndoClass.VOIDED_ONLY, True),
    Kind("merge.package", "Nhận gói số {number} của {device}: {count} thao tác", UndoClass.WITHDRAWN, True),
    Kind("device.trust", "Tin cậy máy {device}", UndoClass.VOIDED_ONLY, True),
    Kind("device.rename", "Đổi tên máy thành {device}"),
    Kind("backup.create", "Sao lưu sổ", UndoClass.VOIDED_ONLY, True),
    Kind("backup.restore", "Khôi phục sổ từ bản sao lưu {file}", UndoClass.VOIDED_ONLY, True),
    Kind("list.export", "Xuất danh sách {what}: {count} dòng", UndoClass.VOIDED_ONLY, True),
    Kind("list.print", "In danh sách {what}: {count} dòng", UndoClass.VOIDED_ONLY, True),
    Kind("paper.print", "In {count} phiếu {what}", UndoClass.VOIDED_ONLY, True),
    Kind("person.export", "Xuất dữ liệu cá nhân của {subject}", UndoClass.VOIDED_ONLY, True),
)
KINDS: dict[str, Kind] = {kind.name: kind for kind in _KINDS}


def kind_of(name: str) -> Kind:
    """The kind by name; ``undo.…`` takes its class from what it undoes, an unknown one (a newer program's) is
    shown by its name and never undone."""
    if name in KINDS:
        return KINDS[name]
    if name.startswith("undo."):
        inner = kind_of(name.removeprefix("undo."))
        undo = UndoClass.UNDOABLE if inner.undo is UndoClass.UNDOABLE else UndoClass.VOIDED_ONLY
        return Kind(name, "Hoàn tác: " + inner.sentence, undo, inner.is_local)
    return Kind(name, name, UndoClass.VOIDED_ONLY)


def no_undo_words(name: str) -> str:
    """Why a deed of a kind that is only voided is not taken back, and what to do instead; a sentence."""
    if name == "conflict.settle":
        return (
            "Việc phân xử không hoàn tác được vì các máy khác theo kết quả đó. Muốn đổi lại, hãy sửa hồ sơ ấy; "
            "giá trị mới đi theo gói sau."
        )
    return "Việc này không hoàn tác được (số đã cấp, giấy đã in, gói đã ghi): chỉ có thể hủy kèm lý do."
