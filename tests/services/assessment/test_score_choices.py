"""The indicators offered for a column of scores are those of the round that the scores go into."""

from __future__ import annotations

from desktop_app.models.types import CitizenGroup, LearningModel
from desktop_app.services.assessment.round_models import change_part, list_parts
from desktop_app.services.assessment.rounds import open_round
from desktop_app.services.assessment.score_choices import indicator_choices
from desktop_app.services.context import Context
from desktop_app.services.criteria.office import sets_in_use
from tests.services.assessment.world import CITIZEN, YEAR, codes_of

UNIT = LearningModel.ORGANIZATION


def offered(context: Context, model: LearningModel, year: int = YEAR) -> set[str]:
    return {item.code for item in indicator_choices(context, {model}, year)}


def test_a_round_with_its_own_set_offers_that_sets_indicators_and_other_rounds_the_general_ones(
    context: Context,
) -> None:
    open_round(context, YEAR + 1)
    item = next(part for part in list_parts(context, YEAR) if part.model is UNIT)
    assert item.used is not None
    other = next(choice.uid for choice in item.choices if choice.uid != item.used.uid)
    sets = {each.uid: each.definition for each in sets_in_use(context)}
    assert set(sets[other].by_code) != set(sets[item.used.uid].by_code)
    change_part(context, YEAR, UNIT, None, set_uid=other)
    assert offered(context, UNIT) == set(sets[other].by_code)
    assert offered(context, UNIT, YEAR + 1) == set(sets[item.used.uid].by_code)
    assert offered(context, UNIT, 0) == set(sets[item.used.uid].by_code)
    texts = {indicator.text[:20] for indicator in sets[other].indicators}
    words = [choice.words for choice in indicator_choices(context, {UNIT}, YEAR)]
    assert all(any(text in each for text in texts) for each in words)


def test_groups_that_the_round_leaves_out_offer_nothing(context: Context) -> None:
    for group in CitizenGroup:
        if group is not CitizenGroup.RESIDENT:
            change_part(context, YEAR, CITIZEN, group, is_taking_part=False)
    assert offered(context, CITIZEN) == set(codes_of(context, CITIZEN, CitizenGroup.RESIDENT))
    change_part(context, YEAR, CITIZEN, CitizenGroup.RESIDENT, is_taking_part=False)
    assert offered(context, CITIZEN) == set()
