"""How a clan is named on its certificate."""

import pytest

from desktop_app.models.types import LearningModel
from desktop_app.services.documents.certificate import recipient_text
from tests.services.documents.helpers import certificate


@pytest.mark.parametrize("name", ["Nguyễn", "Họ Nguyễn", "họ Nguyễn", "Dòng họ Nguyễn"])
def test_a_clan_is_called_so_once(name: str) -> None:
    assert recipient_text(certificate(model=LearningModel.CLAN, recipient=name)) == "Dòng họ Nguyễn"
