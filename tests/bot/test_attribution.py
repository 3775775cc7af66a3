"""Who says what is quoted: the examples of ``attribution.jsonl`` counted, and what holds whatever the text."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answer import Attribution
from bot.attribution import attribute
from ingest.article import Span, normalise
from ingest.sentences import sentences

EXAMPLES = [json.loads(line) for line in Path(__file__).with_name("attribution.jsonl").read_text().splitlines()]


def told(article: str, quote: str) -> Attribution | None:
    text = normalise(article)
    start = text.index(quote)
    return attribute(text, sentences(text), Span(start, start + len(quote)))


def speaker(article: str, quote: str) -> str | None:
    found = told(article, quote)
    return found.speaker if found else "the article"


def test_nine_examples_in_ten_are_right_and_no_wrong_name_is_given() -> None:
    right = 0
    for example in EXAMPLES:
        found = told(example["text"], example["quote"])
        said: dict[str, Any] | None = found.model_dump() if found else None
        right += said == example["attribution"]
        if found and found.speaker:
            assert found.speaker == (example["attribution"] or {}).get("speaker"), example
    assert right >= 0.9 * len(EXAMPLES) >= 0.9 * 60


@pytest.mark.parametrize(
    ("article", "quote", "by"),
    [
        # of two whom it may mean, it is neither
        ("Kit Dow told Lee Park he was leaving. He said he would write.", "He said he would write.", None),
        ("Officer Dan Roy arrested Ben Cole. He said the gun was old.", "He said the gun was old.", None),
        ("“I quit,” Ben Cole said. “You can’t,” said Ana Ruiz. “Watch me.”", "“Watch me.”", None),
        ("Donald Trump left. Melania Trump left. Trump said it was hot.", "Trump said it was hot.", None),
        # a deputy mayor is not the mayor, and neither is his wife
        (
            "Wang Li, deputy mayor of Harbin, left. The mayor said no one knew.",
            "The mayor said no one knew.",
            "The mayor",
        ),
        ("Ana Ruiz, wife of the mayor, left. The mayor said no one knew.", "The mayor said no one knew.", "The mayor"),
        # who is only named beside the speaker does not speak
        ("Aides to President Joko Widodo said he was ill.", "Aides", "Aides to President Joko Widodo"),
        ("Ana Ruiz’s lawyer said the flat was sold.", "Ana", "Ana Ruiz’s lawyer"),
        ("The man who shot Ben Cole said he was sorry.", "The man", "The man who shot Ben Cole"),
        ("Ben Cole was told by Ana Ruiz that the job was gone.", "Ben", None),
        ("Ben Cole resigned and Ana Ruiz said she was sorry.", "Ben", None),
        # the outermost is who the article has it from
        ("Soldiers told villagers to leave, Ben Cole wrote in the Guardian.", "Soldiers", "Ben Cole"),
        ("Judge Ana Ruiz said the man who claimed to be Ben Cole was not.", "Judge", "Ana Ruiz"),
        # verbs that speak of something else, and nouns
        ("The company reported a loss that surprised investors.", "The", "the article"),
        ("The minister’s claim that prices fell was wrong.", "The", "the article"),
        ("Few believed Ben Cole when he said he was ill.", "Few", "the article"),
        ("Ben Cole did not say whether he would stay.", "Ben", "the article"),
        ("Ben Cole said nothing.", "Ben", "the article"),
    ],
)
def test_who_speaks(article: str, quote: str, by: str | None) -> None:
    assert speaker(article, quote) == by


YUSOV = "Andriy Yusov spoke to the House on Monday. “Cuba comes first. We know of 20,000,” he said. Havana denied it."


def test_a_sentence_that_brings_up_the_speaker_may_come_first() -> None:
    assert speaker(YUSOV, YUSOV.removesuffix(" Havana denied it.")) == "Andriy Yusov"


def test_no_name_holds_for_what_the_article_says_in_part() -> None:
    assert told(YUSOV, YUSOV) == Attribution(speaker=None, role=None, cue="said")
    assert speaker("Prices rose. Ben Cole said no one knew.", "Prices rose. Ben Cole said no one knew.") is None


PIECES = [
    "Ben Cole, the mayor, ", "Ana Ruiz ", "said ", "“We lost. ", "he said. ", "according to ", "’", "‘", '"', "”",
    ", ", ". ", "\n\n", "The minister ", "told them that ", "in his view ", "Mr. ", "and ", "who ", "they say ", ": ",
]  # fmt: skip


@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=6), min_size=1, max_size=30), st.data())
def test_whatever_the_text_what_is_told_stands_in_it(pieces: list[str], data: st.DataObject) -> None:
    text = normalise("".join(pieces))
    start = data.draw(st.integers(0, len(text)))
    found = attribute(text, sentences(text), Span(start, data.draw(st.integers(start, len(text)))))
    if found:
        assert found.cue.lower() in text.lower()
        assert found.speaker is None or (found.speaker and found.speaker in text)
        assert found.role is None or (found.role and found.role in text and found.speaker)


@pytest.mark.parametrize("text", ["“" + "We lost. " * 5_000, "Ben Cole said " * 5_000, "‘a " * 5_000])
def test_an_endless_text_takes_no_time(text: str) -> None:
    found = sentences(text := normalise(text))
    attribute(text, found, found[-1])
