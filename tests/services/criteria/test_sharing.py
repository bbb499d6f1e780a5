"""Sets that travel as files: signed by the machine that gives them, refused when changed, drafts when unsigned."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from desktop_app.services.context import Context
from desktop_app.services.criteria import edit
from desktop_app.services.criteria.bring import bring_set, export_set, read_set_file
from desktop_app.services.criteria.drafts import copy_set, load_version, save_draft
from desktop_app.services.criteria.forcing import force_set
from desktop_app.services.criteria.loader import get_set
from desktop_app.services.criteria.office import sets_in_use
from desktop_app.services.criteria.schema import dump_set
from desktop_app.services.errors import AppError, UserError
from desktop_app.services.sync.devices import card_of
from desktop_app.services.sync.identity import load_identity
from tests.factories import make_register


@pytest.fixture(scope="module")
def machines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Context, Context]]:
    giver = make_register(tmp_path_factory.mktemp("giver"))
    taker = make_register(tmp_path_factory.mktemp("taker"))
    yield giver, taker
    giver.close()
    taker.close()


@pytest.fixture(scope="module")
def signed(machines: tuple[Context, Context], tmp_path_factory: pytest.TempPathFactory) -> Path:
    giver, _ = machines
    uid = copy_set(giver, next(i.uid for i in sets_in_use(giver) if i.definition.key == "clan"))
    d = edit.change_indicator(load_version(giver, uid).definition, "1.1", {"text": "Lời của tỉnh"}, is_official=True)
    save_draft(giver, uid, d)
    out = tmp_path_factory.mktemp("files") / "dong_ho.botieuchi"
    export_set(giver, uid, out)
    return out


def test_a_signed_set_says_who_signed_it_and_comes_in_ready_to_be_used(
    machines: tuple[Context, Context], signed: Path
) -> None:
    giver, taker = machines
    card = card_of(load_identity(giver.folder), giver.role)
    file = read_set_file(taker, signed)
    assert file.signer is not None and not file.is_trusted
    assert (file.signer.name, file.signer.code) == (card.name, card.code)
    brought = bring_set(taker, file)
    item = load_version(taker, brought.uid)
    assert not item.is_draft and not item.is_in_use and item.origin.code == card.code
    assert card.name in item.origin.words
    assert not bring_set(taker, read_set_file(taker, signed)).is_new
    force_set(taker, brought.uid)
    assert load_version(taker, brought.uid).is_in_use


def _words(content: dict[str, Any]) -> None:
    content["set"] = content["set"].replace("Lời của tỉnh", "Lời của ai đó")


def _day(content: dict[str, Any]) -> None:
    content["signed_on"] = "2020-01-01"


def _name(content: dict[str, Any]) -> None:
    content["signer"]["name"] = "Máy khác"


def _key(content: dict[str, Any]) -> None:
    content["signer"]["sign_key"] = "00" * 32


def _signature(content: dict[str, Any]) -> None:
    content["signature"] = "zz"


@pytest.mark.parametrize("change", [_words, _day, _name, _key, _signature])
def test_a_signed_file_that_was_changed_is_refused(
    machines: tuple[Context, Context], signed: Path, tmp_path: Path, change: Callable[[dict[str, Any]], None]
) -> None:
    content = json.loads(signed.read_text(encoding="utf-8"))
    change(content)
    path = tmp_path / "sua.botieuchi"
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    with pytest.raises(UserError) as refused:
        read_set_file(machines[1], path)
    assert refused.value.code == "criteria.file_changed" and "sửa sau khi ký" in refused.value.message


def test_a_file_whose_signature_was_taken_off_comes_in_as_a_draft_only(
    machines: tuple[Context, Context], signed: Path, tmp_path: Path
) -> None:
    content = json.loads(signed.read_text(encoding="utf-8"))
    content["set"] = content["set"].replace("Lời của tỉnh", "Lời không ký")
    del content["signature"]
    path = tmp_path / "khong_ky.botieuchi"
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    file = read_set_file(machines[1], path)
    assert file.signer is None
    assert load_version(machines[1], bring_set(machines[1], file).uid).is_draft


def test_a_bare_file_of_the_shipped_kind_is_a_draft_too(machines: tuple[Context, Context], tmp_path: Path) -> None:
    path = tmp_path / "thon.json"
    path.write_text(dump_set(get_set("community")).replace('"2022.1"', '"2026.7"'), encoding="utf-8")
    item = load_version(machines[1], bring_set(machines[1], read_set_file(machines[1], path)).uid)
    assert item.is_draft and item.definition.version == "2026.7"


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[]", b'{"format": "sohoctap-criteria/9"}', b'{"format": "sohoctap-criteria/1"}', b"\xff"]
)
def test_what_is_no_set_is_refused_in_plain_words(
    machines: tuple[Context, Context], tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "la.botieuchi"
    path.write_bytes(content)
    with pytest.raises(AppError) as refused:
        read_set_file(machines[1], path)
    assert "giữ nguyên" in refused.value.message or "chưa có gì thay đổi" in refused.value.message
