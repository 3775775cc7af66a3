"""Statements against articles on a real store with the real embedder, and the claims of ``claims.jsonl`` counted."""

import json
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.chain import embedder_of
from bot.check import MOST_CHARACTERS, MOST_SENTENCES, Check, Checked, CheckError, build_check, check_sentence
from bot.settings import Settings
from ingest.connect import open_store
from ingest.pipeline import shelve
from ingest.store import Store
from tests.bot.evidence import evidence, texts
from tests.bot.news import ARTICLES

CLAIMS = [json.loads(line) for line in (Path(__file__).parents[1] / "claims.jsonl").read_text().splitlines()]


@dataclass
class Desk:
    """A store with the sample and the made-up articles, and what checks against it."""

    store: Store
    check: Check

    def one(self, claim: str, *desks: str) -> Checked:
        [checked] = self.check(claim, desks or ("default",))
        for citation in checked.citations:
            text = self.store.text(citation.article_id, citation.version)
            assert text is not None
            assert text[citation.start : citation.end] == citation.quote != ""
        return checked


@pytest.fixture(scope="module")
def desk(shelved: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    home = tmp_path_factory.mktemp("desk") / "home"
    shutil.copytree(shelved, home)
    settings = Settings(home=home, model="quote", chroma_url="")
    with open_store(settings) as store:
        shelve(ARTICLES, "default", store, embedder_of(settings))
        yield Desk(store, build_check(settings, store=store))


def test_what_an_article_says_is_supported_by_its_sentence(desk: Desk) -> None:
    checked = desk.one("The main library on Station Road opened in 1911.")
    assert (checked.verdict, checked.reason) == ("supported", None)
    [citation] = checked.citations
    assert citation.quote.startswith("The main library on Station Road, which opened in 1911")


def test_another_number_is_contradicted_and_both_are_shown(desk: Desk) -> None:
    checked = desk.one("Andriy Yusov put the number of Cuban men fighting for Russia at up to 2,000.")
    assert (checked.verdict, checked.reason) == ("contradicted", "The article says up to 20,000, not up to 2,000.")
    assert "up to 20,000" in checked.citations[0].quote


def test_what_no_article_says_comes_with_the_nearest_passages(desk: Desk) -> None:
    checked = desk.one("Cuban lawmakers approved a pact on military cooperation with Russia.")
    assert (checked.verdict, checked.reason) == ("not found", None)
    assert 1 <= len(checked.citations) <= 2
    assert [citation.n for citation in checked.citations] == list(range(1, len(checked.citations) + 1))


def test_a_pronoun_is_proven_with_the_sentence_that_names_whom_it_means(desk: Desk) -> None:
    checked = desk.one("The planet was first seen in October 2023 by Yuki Tanaka.")
    assert checked.verdict == "supported"
    assert checked.citations[0].quote.startswith("The planet, named Calder 7b")


def test_each_sentence_is_checked_for_itself(desk: Desk) -> None:
    checked = desk.check("Caracas and Havana are close allies. The moon is made of cheese.", ["default"])
    assert [each.verdict for each in checked] == ["supported", "not found"]


def test_a_desk_is_checked_against_its_own_articles_alone(desk: Desk) -> None:
    checked = desk.one("Caracas and Havana are close allies.", "elsewhere")
    assert (checked.verdict, checked.citations) == ("not found", ())


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", "There is nothing to check: the text is empty."),
        ("x" * (MOST_CHARACTERS + 1), "The text has 4,001 characters; check at most 4,000 at once."),
        ("It rained. " * (MOST_SENTENCES + 1), "The text has 21 sentences; check at most 20 at once."),
    ],
)
def test_too_much_or_nothing_is_an_error_with_a_sentence(desk: Desk, text: str, error: str) -> None:
    with pytest.raises(CheckError) as raised:
        desk.check(text, ["default"])
    assert str(raised.value) == error


@pytest.mark.parametrize(
    "text", ["?!", "😀", "Что подписала Куба?", "\ud800", "[1] (", "“", "not " * 900, "1 " * 1_900]
)
def test_whatever_is_given_there_is_a_verdict(desk: Desk, text: str) -> None:
    assert {each.verdict for each in desk.check(text, ["default"])} <= {"supported", "contradicted", "not found"}


def test_without_a_quote_that_can_be_proven_there_is_no_verdict() -> None:
    found = evidence("The mayor of Oslo signed the treaty.")
    claim = "The mayor of Oslo signed the treaty."
    assert check_sentence(claim, [found], texts([found])).verdict == "supported"
    unproven = check_sentence(claim, [found], lambda *_: None)
    assert (unproven.verdict, unproven.citations) == ("not found", ())


@pytest.mark.parametrize(("claims", "supported", "contradicted"), [("first", 21, 24), ("fresh", 16, 9)])
def test_the_claims_on_the_articles(desk: Desk, claims: str, supported: int, contradicted: int) -> None:
    cases = [case for case in CLAIMS if case["set"] == claims]
    given = [(case["verdict"], desk.one(case["claim"]).verdict, case["claim"]) for case in cases]
    count = Counter((meant, said) for meant, said, _ in given)
    assert [case for case in given if case[1] == "supported" != case[0]] == []
    assert len([case for case in given if case[1] == "contradicted" != case[0]]) <= 1
    assert count["supported", "supported"] >= supported
    assert count["contradicted", "contradicted"] >= contradicted
