"""What a desk adds to the gazetteer itself: kept to the digit, cited, first of its name, and taken away at will."""

from threading import Thread

import pytest

from gazetteer import Gazetteer, UnknownPlaceError, Verdict, own, resolve

SANLOAGA = {
    "longitude": 0.7012345,
    "latitude": 10.983217,
    "uncertainty_km": 4.0,
    "feature_code": "PPL",
    "source": "A map of the prefecture",
    "country_code": "TG",
    "admin1": "Savanes",
}


def test_an_added_place_is_kept_to_the_digit_with_its_source(tmp_path):
    place = own.add("Sanloaga", **SANLOAGA, folder=tmp_path)
    assert own.places(folder=tmp_path) == (place,)
    assert (place.longitude, place.latitude, place.uncertainty_km) == (0.7012345, 10.983217, 4.0)
    assert place.place_id.startswith("desk:")
    assert place.source == "A map of the prefecture"


def test_an_added_place_answers_before_all_others_of_its_name(tmp_path, gazetteer):
    asked = {"country": "TG", "admin2": "Kpendjal"}
    assert resolve("Sanloaga", gazetteer=gazetteer, **asked).verdict is Verdict.UNKNOWN
    place = own.add("Sanloaga", **SANLOAGA, folder=tmp_path)
    match = resolve("Sanloaga", gazetteer=Gazetteer.open(packs=tmp_path), **asked)
    assert (match.verdict, match.place, match.uncertainty_km) == (Verdict.EXACT, place, 4.0)


def test_a_place_is_taken_away_and_the_others_keep_their_identifiers(tmp_path):
    first, second = (own.add(name, **SANLOAGA, folder=tmp_path) for name in ("Sanloaga", "Sankortchagou"))
    own.remove(first.place_id, folder=tmp_path)
    assert own.places(folder=tmp_path) == (second,)
    with pytest.raises(UnknownPlaceError, match=first.place_id):
        own.remove(first.place_id, folder=tmp_path)


def test_an_identifier_is_never_given_twice_even_after_the_newest_place_was_taken_away(tmp_path):
    first = own.add("Sanloaga", **SANLOAGA, folder=tmp_path)
    own.remove(first.place_id, folder=tmp_path)
    second = own.add("Mandouri", **SANLOAGA, folder=tmp_path)
    assert second.place_id != first.place_id


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"longitude": 181.0}, "not on the Earth"),
        ({"latitude": float("nan")}, "not on the Earth"),
        ({"longitude": 0.0, "latitude": 0.0}, "a missing value"),
        ({"uncertainty_km": 0.0}, "the radius is above 0 km"),
        ({"uncertainty_km": 5_000.0}, "the radius is above 0 km"),
        ({"source": " - "}, "the source is missing"),
        ({"source": "x" * 201}, "more than 200 characters"),
        ({"feature_code": "MOON"}, "a place is one of PPL"),
    ],
)
def test_a_place_that_says_too_little_or_what_cannot_be_is_refused_and_nothing_is_added(tmp_path, wrong, why):
    with pytest.raises(own.RefusedPlaceError, match=why):
        own.add("Sanloaga", **SANLOAGA | wrong, folder=tmp_path)
    assert own.places(folder=tmp_path) == ()


def test_of_places_that_are_added_at_once_none_is_lost(tmp_path):
    names = [f"Village {number}" for number in range(8)]
    threads = [Thread(target=own.add, args=(name,), kwargs={**SANLOAGA, "folder": tmp_path}) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    added = own.places(folder=tmp_path)
    assert sorted(place.name for place in added) == names
    assert len({place.place_id for place in added}) == len(names)
