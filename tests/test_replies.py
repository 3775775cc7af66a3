"""What `benchmarks.model` counts: which sentences of a model are shown, on what, and which look wrong."""

from datetime import date

import pytest

from benchmarks.replies import believed, checked
from benchmarks.stand import lacking
from bot.answer import Answer, Citation, Range, Retrieved, Statement, Timings

FIRST = "Ann Lee won the vote in Oslo on 3 May."
SECOND = "The bridge cost 40 million kroner."
PROMPT = f"""\
passage [1] 0af
title: News

{FIRST}
end [1] 0af

passage [2] 0af

{SECOND}
end [2] 0af

Question: Who?"""
RETRIEVED = (
    Retrieved(article_id="a", version="v", start=0, end=38, score=0.9),
    Retrieved(article_id="a", version="v", start=40, end=74, score=0.5),
)


def answer(statements: dict[str, int], mode: str = "llm") -> Answer:
    """Statements, each resting on the whole passage of that number."""
    quotes = {1: FIRST, 2: SECOND}
    used = sorted(set(statements.values()))
    return Answer(
        question="Who?",
        standalone_question="Who?",
        desks=("default",),
        answered=bool(statements),
        text="",
        statements=tuple(Statement(text=text, citations=(n,)) for text, n in statements.items()),
        citations=tuple(
            Citation(
                n=n,
                article_id="a",
                version="v",
                title="News",
                byline=None,
                published=date(2025, 5, 4),
                source="/a.txt",
                url=None,
                link=None,
                quote=quotes[n],
                start=RETRIEVED[n - 1].start,
                end=RETRIEVED[n - 1].end,
                passage=Range(start=RETRIEVED[n - 1].start, end=RETRIEVED[n - 1].end),
            )
            for n in used
        ),
        retrieved=RETRIEVED,
        mode="llm" if mode == "llm" else "quote",
        model="openai:local",
        notes=(),
        timings_ms=Timings(),
    )


def test_of_a_model_that_is_believed_all_is_shown_but_a_refusal() -> None:
    reply = believed("Ann Lee won. [1] Nobody lost. [7]\nThe articles do not say.", PROMPT, RETRIEVED)
    assert [(shown.text, shown.cited) for shown in reply.shown] == [
        ("Ann Lee won.", (f"title: News\n\n{FIRST}",)),
        ("Nobody lost.", ()),
    ]
    assert reply.ranges == RETRIEVED[:1]


def test_a_sentence_that_rests_on_another_passage_than_it_cited_was_moved() -> None:
    reply = checked(
        "Ann Lee won. [1] The bridge cost 40 million. [1]",
        answer({"Ann Lee won.": 1, "The bridge cost 40 million.": 2}),
    )
    assert [shown.of for shown in reply.shown] == ["model", "moved"]
    assert not reply.dropped


def test_what_is_not_shown_was_dropped_and_quotes_are_the_articles_own() -> None:
    reply = checked("Ann Lee lost. [1]", answer({FIRST: 1}, mode="quote"))
    assert [shown.of for shown in reply.shown] == ["article"]
    assert [sentence.text for sentence in reply.dropped] == ["Ann Lee lost."]
    assert reply.written == 1


@pytest.mark.parametrize(
    ("sentence", "missing"),
    [
        ("Ann Lee won in Oslo.", []),
        ("In Oslo, Bo Lee won on 4 May.", ["4", "Bo"]),
        ("The cost was “40 million kroner”.", []),
        ("The cost was “40 billion kroner”.", ["40 billion kroner"]),
        ("It had 40,000,000 parts.", ["40,000,000"]),
    ],
)
def test_numbers_names_and_quotations_are_looked_for_in_what_is_cited(sentence: str, missing: list[str]) -> None:
    assert lacking(sentence, f"{FIRST} {SECOND}") == missing
