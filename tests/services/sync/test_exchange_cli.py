"""The exchange on the command line: who a machine is introduced as, and disagreements that people can read."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from desktop_app.cli import main
from desktop_app.models.tables.registry import hamlet, household
from desktop_app.services.context import Context
from desktop_app.services.register import open_register
from tests.cli.test_contract import Line
from tests.factories import add_household, make_register
from tests.services.sync.machines import make_star
from tests.services.sync.test_exchange import carry, edit, value


def test_an_office_introduced_before_its_register_is_introduced_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_register(tmp_path / "a").close()
    one, other = Line(tmp_path / "a", capsys), Line(tmp_path / "b", capsys)
    early = other("device", "export", "--out", tmp_path / "b.json")
    assert early["role"] == "volunteer"
    assert "hãy lập sổ rồi xuất lại tệp" in other.err
    assert one("device", "trust", tmp_path / "b.json", "--code", early["code"])["role"] == "volunteer"
    make_register(tmp_path / "b").close()
    one("device", "export", "--out", tmp_path / "a.json")
    other("device", "trust", tmp_path / "a.json")
    assert "error" not in other("package", "create", "--out", tmp_path / "x.sht")

    refused = one("package", "merge", tmp_path / "x.sht")["error"]
    assert refused["code"] == "package.role_differs"
    assert "xuất lại tệp giới thiệu" in refused["message"]

    late = other("device", "export", "--out", tmp_path / "b.json")
    assert (late["role"], late["code"]) == ("office", early["code"])
    assert "xuất lại" not in other.err
    one("device", "trust", tmp_path / "b.json", "--code", late["code"])
    assert "error" not in one("package", "merge", tmp_path / "x.sht")


def _move(machine: Context, name: str) -> str:
    """The household goes to a hamlet that this machine made; returns the hamlet's uid."""
    with machine.operation("household.edit") as op:
        row_id = op.writer.insert(hamlet, {"name": name})
        household_id = op.connection.execute(select(household.c.id)).scalar_one()
        op.writer.update(household, household_id, {"hamlet_id": row_id})
        return op.writer.references.uid("hamlet", row_id)


def test_disagreements_are_listed_in_names_beside_the_raw_values(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    office, (first,) = make_star(tmp_path, 1)
    _, (uid,) = add_household(office, "01-0001", members=("Nguyễn Thị Lan",))
    carry(office, first, tmp_path)
    homes = [_move(machine, hamlet) for machine, hamlet in ((office, "Thôn 1"), (first, "Thôn 2"))]
    edit(office, uid, cccd="079084000001", occupation="Nông dân")
    edit(first, uid, cccd="079084000002", occupation="Thợ mộc")
    carry(first, office, tmp_path)
    folder = office.folder
    office.close()
    line = Line(folder, capsys)
    found = {item["field"]: item for item in line("conflicts")["conflicts"]}
    work, number = found["occupation"], found["cccd"]
    assert (work["row"], work["mine"], work["theirs"]) == (uid, "Nông dân", "Thợ mộc")
    assert work["words"]["subject"] == "Nguyễn Thị Lan"
    assert (work["words"]["what"], work["words"]["label"]) == ("Công dân", "Nghề nghiệp")
    assert work["words"]["author"]
    assert number["theirs"] == "079084000002"
    assert "079084" not in number["words"]["theirs"]
    home = found["hamlet"]
    assert (home["mine"], home["theirs"]) == tuple(homes)
    assert (home["words"]["mine"], home["words"]["theirs"]) == ("Thôn 1", "Thôn 2")

    main(["--data", str(folder), "conflicts"])
    text = capsys.readouterr().out
    assert "Công dân Nguyễn Thị Lan, Nghề nghiệp: ở đây “Nông dân”" in text
    assert "“Thợ mộc”, trước đó “(trống)”" in text
    assert work["id"] in text
    assert "079084000002" not in text
    assert line("conflicts", "settle", work["id"], "--keep", "theirs")["settled"] == work["id"]
    again = open_register(folder)
    assert value(again, uid, "occupation") == "Thợ mộc"
    again.close()
