"""Broken and hostile criteria files: always a plain sentence with file and place, never anything else."""

from __future__ import annotations

import copy
import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.services.criteria.checks import find_problems
from desktop_app.services.criteria.definition import CriteriaSet
from desktop_app.services.criteria.loader import get_set, read_set, read_sets
from desktop_app.services.criteria.schema import MAX_BYTES, dump_set, parse_set
from desktop_app.services.errors import EnvironmentProblem, UserError
from desktop_app.services.resources import resource_path

POINTS = json.loads(resource_path("criteria", "clan.json").read_text(encoding="utf-8"))
CHECKLIST = json.loads(resource_path("criteria", "commune.json").read_text(encoding="utf-8"))


def changed(path: str, value: Any, source: dict[str, Any] = POINTS) -> dict[str, Any]:
    data = copy.deepcopy(source)
    *way, last = [int(p) if p.isdigit() else p for p in path.split("/")]
    place: Any = data
    for part in way:
        place = place[part]
    if value is DROP:
        del place[last]
    else:
        place[last] = value
    return data


DROP = object()
ROW = "criteria/0/indicators/1/"


@pytest.mark.parametrize(
    ("path", "value", "place"),
    [
        ("key", DROP, "key: thiếu mục này"),
        ("model", "village", "model: là giá trị chương trình không biết"),
        ("group", "resident", "group: bộ tiêu chí công dân"),
        ("colour", "red", "colour: chương trình không biết mục này"),
        ("key", "../clan", "key: chỉ gồm chữ thường"),
        ("version", "", "version: phải có"),
        ("heading", " ", "heading:"),
        ("is_confirmed", True, "is_confirmed: chỉ cơ quan xác nhận được"),
        ("effective_from", "01/02/2024", "effective_from: phải là ngày dạng 2024-02-12"),
        ("legal_basis/0/issued", "25.3.2022", "legal_basis 1 › issued"),
        ("pass_mark", DROP, "pass_mark: bộ tiêu chí chấm điểm phải có điểm đạt"),
        ("pass_mark/value", 101, "pass_mark: phải trên 0 và không quá tổng điểm tối đa 100"),
        ("pass_mark/value", "80", "pass_mark › value: phải là số"),
        ("pass_mark/value", True, "pass_mark › value: phải là số"),
        ("pass_mark/status", DROP, "pass_mark › status: thiếu mục này"),
        ("floor", {"value": 16, "status": "suggested"}, "chỉ số 1.2 › floor: điểm sàn 16 cao hơn điểm tối đa 15"),
        ("grades", [{"number": 1, "name": "1", "status": "summary"}], "grades: mức độ chỉ dùng"),
        ("criteria", [], "criteria: phải có ít nhất một chỉ số"),
        ("criteria/0/max_score", 51, "tiêu chí 1 › max_score: ghi 51 nhưng các dòng cộng lại là 50"),
        ("criteria/1/code", "1", "criteria › code: “1” lặp lại"),
        (ROW + "code", "1.1", "indicators › code: “1.1” lặp lại"),
        (ROW + "text", "  ", "chỉ số 1.2 › text: không được để trống"),
        (ROW + "max_score", 0, "chỉ số 1.2 › max_score"),
        (ROW + "max_score", 15.5, "chỉ số 1.2 › max_score"),
        (ROW + "max_status", DROP, "chỉ số 1.2 › max_status: điểm tối đa phải ghi rõ lấy từ đâu"),
        (ROW + "answer_type", "percent", "chỉ số 1.2 › answer_type"),
        (ROW + "status", "sure", "criteria › 1 › indicators › 2 › status: là giá trị"),
        (ROW + "fact", "moon.phase", "chương trình không biết số liệu “moon.phase”"),
        (ROW + "levels/0/max", 16, "chỉ số 1.2 › levels › A: đến 16 là vượt quá điểm tối đa 15"),
        (ROW + "levels/1/min", 10, "chỉ số 1.2 › levels: mức C và mức B chồng nhau hoặc hở"),
        (ROW + "levels/1/key", "A", "chỉ số 1.2 › levels: “A” lặp lại"),
        ("prerequisites/0/percent", 0, "điều kiện families_with_title › percent"),
        ("prerequisites/0/fact_parameters", {"min_age": 16}, "không nhận tuổi từ"),
        ("bands", [{"key": "a", "name": "A", "min": 90, "status": "suggested"}], "bands: mức xếp loại thấp nhất"),
    ],
)
def test_a_fault_in_a_points_file_is_named_with_its_place(path: str, value: Any, place: str) -> None:
    with pytest.raises(UserError) as caught:
        parse_set(json.dumps(changed(path, value)), "dong_ho.json")
    assert caught.value.code == "criteria.invalid"
    assert caught.value.message.startswith("Không dùng được dong_ho.json: ")
    assert place in caught.value.message
    assert "vẫn giữ nguyên" in caught.value.message


@pytest.mark.parametrize(
    ("path", "value", "place"),
    [
        ("grades", [], "grades: phải có các mức độ"),
        ("grades/1/number", 3, "grades: phải có các mức độ"),
        ("pass_mark", {"value": 8, "status": "suggested"}, "pass_mark: bộ tiêu chí kiểm đếm không có"),
        ("criteria/0/indicators/0/max_score", 10, "chỉ số 1.1 › answer_type"),
        ("criteria/4/indicators/0/thresholds", [], "chỉ số 5.1 › thresholds: phải có ngưỡng của mức độ 1"),
        ("criteria/4/indicators/0/thresholds/1/percent", 50, "mức độ cao không được đòi ít hơn"),
        ("criteria/4/indicators/0/thresholds/1/percent", 101, "ngưỡng phải trên 0 và không quá 100"),
        ("criteria/4/indicators/0/fact", DROP, "chỉ số 5.1 › fact"),
        ("criteria/4/indicators/1/fact", "commune.citizens_with_title_share", "dùng hai lần với tuổi khác nhau"),
    ],
)
def test_a_fault_in_a_checklist_is_named_with_its_place(path: str, value: Any, place: str) -> None:
    with pytest.raises(UserError) as caught:
        parse_set(json.dumps(changed(path, value, CHECKLIST)), "xa.json")
    assert caught.value.code == "criteria.invalid"
    assert place in caught.value.message


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "dòng 1, cột 1"),
        (b'{"key": "a",\n "version": }', "dòng 2, cột 13"),
        (b"\xff\xfe\x00", "không phải chữ UTF-8"),
        (b'{"key": 1, "key": 2}', "mục “key” ghi hai lần".replace("“key”", "“key”")),
        (b"[" * 100_000, "sâu"),
        (b" " * (MAX_BYTES + 1), "quá lớn"),
        (b'{"key": ' + b"9" * 5000 + b"}", "quá dài"),
    ],
)
def test_what_is_not_json_is_refused_in_words(content: bytes, words: str) -> None:
    with pytest.raises(UserError) as caught:
        parse_set(content, "la.json")
    assert caught.value.code == "criteria.unreadable"
    assert caught.value.message.startswith("Không đọc được la.json: ")
    assert words in caught.value.message


@pytest.mark.parametrize("content", ["null", "[]", '"a"', "1", "{}", "NaN"])
def test_json_that_is_no_set_is_refused(content: str) -> None:
    with pytest.raises(UserError):
        parse_set(content, "la.json")


def test_decomposed_letters_are_brought_together() -> None:
    text = unicodedata.normalize("NFD", json.dumps(POINTS, ensure_ascii=False))
    assert parse_set(text, "mac.json") == get_set("clan")


def test_a_mark_at_the_start_of_the_file_does_no_harm() -> None:
    assert parse_set(b"\xef\xbb\xbf" + json.dumps(POINTS).encode(), "notepad.json") == get_set("clan")


def paths(value: Any, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    items: list[tuple[Any, Any]] = []
    if isinstance(value, dict):
        items = list(value.items())
    elif isinstance(value, list):
        items = list(enumerate(value))
    return [p for key, child in items for p in [(*way, key), *paths(child, (*way, key))]]


JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**6), 10**6),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.text(max_size=8),
    st.just([]),
    st.just({}),
    st.just([{}]),
)


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(st.sampled_from([POINTS, CHECKLIST]), st.data())
def test_any_change_of_a_file_gives_a_sound_set_or_a_sentence(source: dict[str, Any], data: st.DataObject) -> None:
    mutant = copy.deepcopy(source)
    way = data.draw(st.sampled_from(paths(source)))
    place: Any = mutant
    for part in way[:-1]:
        place = place[part]
    if data.draw(st.booleans()):
        del place[way[-1]]
    else:
        place[way[-1]] = data.draw(JUNK)
    try:
        result = parse_set(json.dumps(mutant), "la.json")
    except UserError as error:
        assert "la.json" in error.message and error.code in ("criteria.invalid", "criteria.unreadable")
    else:
        assert isinstance(result, CriteriaSet) and find_problems(result) == []
        assert parse_set(dump_set(result), "bản lưu", is_snapshot=True) == result


def test_a_missing_file_and_an_empty_folder_are_told(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem) as caught:
        read_set(tmp_path / "khong_co.json")
    assert "khong_co.json" in caught.value.message
    with pytest.raises(EnvironmentProblem):
        read_sets(tmp_path)


def test_two_files_of_one_key_and_version_are_refused(tmp_path: Path) -> None:
    for name in ("a.json", "b.json"):
        (tmp_path / name).write_text(json.dumps(POINTS), encoding="utf-8")
    with pytest.raises(UserError, match=r"a\.json và b\.json") as caught:
        read_sets(tmp_path)
    assert caught.value.code == "criteria.duplicate"


def test_a_broken_file_in_a_folder_names_itself(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps(POINTS), encoding="utf-8")
    (tmp_path / "b.json").write_text(json.dumps(changed("pass_mark", DROP)), encoding="utf-8")
    with pytest.raises(UserError, match=r"b\.json: pass_mark"):
        read_sets(tmp_path)
