"""Countries and their people, as a text names them."""

import pytest

from bot.countries import countries, kin, without_countries


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Norwegian engineers went to Chile.", {"Norway", "Chile"}),
        ("The Dane met three Swedes.", {"Denmark", "Sweden"}),
        ("North Korean troops left South Korea.", {"North Korea", "South Korea"}),
        ("The U.S. and the UK agreed.", {"United States", "Britain"}),
        ("Nigeria is not Niger.", {"Nigeria", "Niger"}),
        ("Let us polish the turkey.", set()),
        ("The Indianapolis race", set()),
    ],
)
def test_the_countries_that_a_text_names(text: str, found: set[str]) -> None:
    assert countries(text) == found


def test_what_is_left_of_a_name_without_its_countries() -> None:
    assert without_countries("Bank of England").split() == ["Bank", "of"]
    assert without_countries("North Korea").split() == []


def test_a_people_and_its_country_are_kin() -> None:
    assert kin()["cuban"] == "cuba"
    assert kin()["danish"] == "denmark"
    assert kin()["zealander"] == "zealand"
