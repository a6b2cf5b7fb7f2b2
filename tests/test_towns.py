"""The towns that a map names first: those that a reader knows, not the quarters that some register counts larger."""

import pytest

from gazetteer import Gazetteer
from gazetteer.space import distance_km
from gazetteer.towns import largest

IRAQ = (38.0, 29.0, 49.0, 38.0)


@pytest.mark.parametrize(
    ("town", "quarter"), [("Mosul", "Al Mawşil al Jadīdah"), ("Basrah", "Al Başrah al Qadīmah")], ids=str
)
def test_a_town_goes_before_its_quarter_that_is_said_to_have_more_inhabitants(gazetteer: Gazetteer, town, quarter):
    assert town in [place.name for place in largest(gazetteer, IRAQ, count=8)]
    assert quarter not in [place.name for place in largest(gazetteer, IRAQ, count=50)]
    found = {place.name: place for place in largest(gazetteer, IRAQ, count=1000)}
    assert found[quarter].population > found[town].population


def test_towns_come_after_capitals_and_by_their_inhabitants(gazetteer: Gazetteer):
    found = largest(gazetteer, IRAQ, count=12)
    is_capital = [place.feature_code == "PPLC" for place in found]

    assert is_capital == sorted(is_capital, reverse=True)
    others = [place.population for place in found if place.feature_code != "PPLC"]
    assert others == sorted(others, reverse=True)


def test_a_town_that_two_layers_have_is_there_once(gazetteer: Gazetteer):
    found = largest(gazetteer, IRAQ, count=40)
    baghdad = next(place for place in found if place.name == "Baghdad")

    assert baghdad.layer == "curated"
    assert [place.name for place in found if distance_km(place, baghdad) < 2] == ["Baghdad"]


def test_no_more_are_given_than_are_asked_for(gazetteer: Gazetteer):
    assert len(largest(gazetteer, IRAQ, count=5)) == 5
    assert largest(gazetteer, (-40.0, -40.0, -30.0, -35.0), count=5) == ()
