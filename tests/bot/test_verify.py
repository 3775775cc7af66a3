"""Nothing is shown that the stored text does not have, character by character."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answer import Citation, Range, Statement
from bot.verify import proven, verify

TEXT = "Cuba signed a pact. Russia ratified it 🙂 on Tuesday."


def text_of(id: str, version: str) -> str | None:
    return TEXT if (id, version) == ("a1", "sha256:1") else None


def citation(n: int = 1, **changed: Any) -> Citation:
    start, end = changed.get("start", 0), changed.get("end", 19)
    said: dict[str, Any] = {
        "article_id": "a1",
        "version": "sha256:1",
        "title": "The pact",
        "byline": None,
        "published": None,
        "source": "/a.md",
        "url": None,
        "link": None,
        "start": start,
        "end": end,
        "quote": TEXT[start:end] if 0 <= start <= end else "",
        "passage": Range(start=0, end=len(TEXT)),
    }
    return Citation(n=n, **said | changed)


def test_a_quote_that_stands_there_is_proven() -> None:
    assert proven(citation(), text_of)
    assert proven(citation(start=39, end=40), text_of)


@pytest.mark.parametrize(
    "changed",
    [
        {"quote": "Cuba signed a pact!"},
        {"quote": "cuba signed a pact."},
        {"quote": ""},
        {"start": 1, "quote": "Cuba signed a pact."},
        {"start": 19, "end": 19, "quote": ""},
        {"start": -5, "end": -1, "quote": TEXT[-5:-1]},
        {"end": 10_000, "quote": TEXT},
        {"passage": Range(start=3, end=10)},
        {"passage": Range(start=0, end=10_000)},
        {"passage": Range(start=-1, end=20)},
        {"article_id": "gone"},
        {"version": "sha256:2"},
    ],
)
def test_what_is_wrong_anywhere_is_not_proven(changed: dict[str, Any]) -> None:
    assert not proven(citation(**changed), text_of)


def test_a_statement_stands_or_falls_with_all_that_it_rests_on() -> None:
    said = [
        Statement(text="Both.", citations=(3, 7)),
        Statement(text="One of them is not there.", citations=(3, 99)),
        Statement(text="It is not so.", citations=(5,)),
        Statement(text="Nothing.", citations=()),
        Statement(text="Twice the same.", citations=(7, 7)),
    ]
    cited = [citation(3), citation(5, quote="It is not so."), citation(7, start=20, end=27), citation(9)]
    statements, citations = verify(said, cited, text_of)
    assert [(s.text, s.citations) for s in statements] == [("Both.", (1, 2)), ("Twice the same.", (2,))]
    assert [(c.n, c.quote) for c in citations] == [(1, "Cuba signed a pact."), (2, "Russia ")]


NUMBERS = st.integers(-2, 6)
SPANS = {"start": st.integers(-3, 60), "end": st.integers(-3, 60)}
CITATIONS = st.builds(
    citation,
    NUMBERS,
    **SPANS,
    article_id=st.sampled_from(["a1", "a1", "a1", "gone"]),
    passage=st.builds(Range, **SPANS) | st.just(Range(start=0, end=len(TEXT))),
) | st.builds(citation, NUMBERS, quote=st.text(max_size=5))
STATEMENTS = st.builds(Statement, text=st.text(), citations=st.lists(NUMBERS, max_size=4).map(tuple))


@settings(deadline=None)
@given(st.lists(STATEMENTS, max_size=6), st.lists(CITATIONS, max_size=6))
def test_whatever_comes_in_what_comes_out_is_proven(said: list[Statement], cited: list[Citation]) -> None:
    statements, citations = verify(said, cited, text_of)
    assert all(text_of(c.article_id, c.version)[c.start : c.end] == c.quote != "" for c in citations)  # type: ignore[index]
    assert [c.n for c in citations] == list(range(1, len(citations) + 1))
    assert all(s.citations for s in statements)
    used = [n for s in statements for n in s.citations]
    assert list(dict.fromkeys(used)) == [c.n for c in citations]
    texts = iter(s.text for s in said)
    assert all(s.text in texts for s in statements)
    assert verify(statements, citations, text_of) == (statements, citations)
