"""A statement against one sentence of an article, by examples."""

import re
from datetime import date
from itertools import combinations

import pytest

from bot.compare import compare
from bot.names import names_of
from bot.reading import antecedent, read
from bot.values import values_of
from ingest.sentences import sentences
from tests.bot.news import ARTICLES

PUBLISHED = date(2025, 10, 8)


def verdict(claim: str, written: str) -> str | None:
    finding = compare(read(claim), read(written), PUBLISHED)
    return finding.verdict if finding else None


FINE = "The Harbour Board fined Tarn Lines £1.2 million in 2021."


@pytest.mark.parametrize(
    ("claim", "written"),
    [
        (FINE, FINE),
        ("Tarn Lines was fined £1.2m by the Harbour Board in 2021.", FINE),
        ("In 2021 the Harbour Board fined Tarn Lines 1,200,000 pounds.", FINE),
        ("The mayor resigned.", "The mayor, who had been ill for months, resigned."),
        ("The mayor resigned.", "The mayor shut two schools and resigned."),
        ("Ann Berg signed the treaty.", "The treaty was signed by Ann Berg, a minister."),
        ("Ann Berg said the bridge was safe.", "“I am glad,” said nobody; the bridge was safe, Ann Berg said."),
        ("Nine people were hurt.", "Nobody was killed, but nine people were hurt."),
        ('Ann Berg called it "a long day at sea".', "Ann Berg called it “a long day at sea”."),
    ],
)
def test_what_the_sentence_says_is_supported(claim: str, written: str) -> None:
    assert verdict(claim, written) == "supported"


@pytest.mark.parametrize(
    ("claim", "written", "reason"),
    [
        (FINE.replace("1.2", "1.5"), FINE, "The article says £1.2 million, not £1.5 million."),
        (FINE.replace("2021", "2019"), FINE, "The article says 2021, not 2019."),
        (FINE.replace("fined", "did not fine"), FINE, "The article says that it is so."),
        (
            "The mayor closed the two old schools.",
            "The mayor has not closed the two old schools.",
            "The article says that it is not so.",
        ),
        (
            "The board bought the ship from Oslo Yards for 2 million euros.",
            "The board bought the ship from Bergen Werft for 2 million euros.",
            "The article says Bergen Werft, not Oslo Yards.",
        ),
        ("It voted 8–3 on the plan on Monday.", "The council voted 7–4 on the plan on Monday.", None),
        (
            "The council voted 8–3 on the plan on Monday.",
            "The council voted 7–4 on the plan on Monday.",
            "The article says 7 to 4, not 8 to 3.",
        ),
    ],
)
def test_one_thing_that_differs_contradicts_and_both_are_said(claim: str, written: str, reason: str | None) -> None:
    finding = compare(read(claim), read(written), PUBLISHED)
    assert (finding.reason if finding else None) == reason
    assert finding is None or finding.verdict == "contradicted"


@pytest.mark.parametrize(
    ("claim", "written"),
    [
        ("Tarn Lines fined the Harbour Board £1.2 million in 2021.", FINE),
        ("Russia sent troops to Cuba.", "Cuba sent troops to Russia."),
        ("Russia signed a pact with Cuba.", "Russian officials say Cuba signed a pact with Iran."),
        ("Ann Berg signed the treaty.", "Ann Berg said that Ole Dahl signed the treaty."),
        ("The bridge was safe.", "Ann Berg said the bridge was safe."),
        ("The bridge was safe.", "“The bridge was safe,” said Ann Berg."),
        ("The mayor will resign.", "The mayor will resign if the vote fails."),
        ("The mayor will resign.", "The mayor may resign."),
        ("The ship will not sail.", "The ship will not sail before June."),
        ("The director was jailed.", "The former director was jailed."),
        ("All the workers were dismissed.", "All the workers at the Oslo yard were dismissed."),
        ("The ministry fell.", "The head of the ministry fell."),
        ("Dahl was convicted.", "She met the aide of Dahl, who was convicted."),
        ("The board sued Renshaw.", "When the board sued, Renshaw lost."),
        ("2,000 men enlisted in May.", "Up to 20,000 men enlisted in May."),
        ("Kyiv opened an embassy in Chile.", "Kyiv opened an embassy in Peru."),
        ("Moscow signed the pact with Cuba in June 2024.", "Russia signed the pact with Cuba in June 2024."),
        ("He was convicted.", "He was convicted."),
        ("The Oslo yard", "The Oslo yard was sold."),
    ],
)
def test_where_it_is_not_plain_nothing_is_said(claim: str, written: str) -> None:
    assert verdict(claim, written) is None


def test_a_pronoun_means_the_only_person_of_the_sentence_before() -> None:
    written = antecedent(read("He sued the board in 2022."), read("Paul Renshaw leads the company."))
    assert written is not None
    finding = compare(read("Paul Renshaw sued the board in 2022."), written, PUBLISHED)
    assert finding is not None
    assert finding.verdict == "supported"


def test_a_pronoun_after_two_persons_means_nobody_for_sure() -> None:
    assert antecedent(read("He sued the board."), read("Paul Renshaw met Ole Dahl.")) is None


# -- every sentence of some articles, changed


SENTENCES = [span.of(article.text) for article in ARTICLES for span in sentences(article.text)]
READ = [read(sentence) for sentence in SENTENCES]


def supporting(claim: str) -> list[str]:
    """The sentences of all the articles that support a claim."""
    claimed = read(claim)
    found = [compare(claimed, reading, None) for reading in READ]
    return [text for text, each in zip(SENTENCES, found, strict=True) if each and each.verdict == "supported"]


@pytest.mark.parametrize("sentence", SENTENCES)
def test_no_sentence_supports_itself_with_two_names_exchanged(sentence: str) -> None:
    for one, other in combinations(names_of(sentence), 2):
        between = sentence[one.end : other.start]
        first, second = sentence[one.start : one.end], sentence[other.start : other.end]
        assert supporting(f"{sentence[: one.start]}{second}{between}{first}{sentence[other.end :]}") == []


@pytest.mark.parametrize("sentence", SENTENCES)
def test_no_sentence_supports_itself_with_another_number(sentence: str) -> None:
    for number in values_of(sentence).numbers:
        assert supporting(f"{sentence[: number.start]}77{sentence[number.end :]}") == []


@pytest.mark.parametrize("sentence", SENTENCES)
def test_no_sentence_supports_itself_denied(sentence: str) -> None:
    if auxiliary := re.search(r"\b(?:is|was|were|will|has|have|had|could|are)\b", sentence):
        assert supporting(f"{sentence[: auxiliary.end()]} not{sentence[auxiliary.end() :]}") == []


def test_a_long_list_takes_no_long_time() -> None:
    assert compare(read("dogs, " * 60 + "cats"), read("dogs, " * 200 + "rats"), None) is None
    assert compare(read("dogs " * 900), read("dogs " * 900), None) is None
