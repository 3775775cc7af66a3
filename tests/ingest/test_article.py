import hashlib
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.article import Article, Span, article_id, normalise


@pytest.mark.parametrize(
    ("given", "normal"),
    [
        ("Cuba\r\nand\rRussia", "Cuba\nand\nRussia"),
        ("one\x0btwo\x0cthree\x85four\u2028five", "one\ntwo\nthree\nfour\nfive"),
        ("one\u2029two", "one\n\ntwo"),
        ("one\n \t\n\n\u00a0\ntwo", "one\n\ntwo"),
        ("\ufeff \n\ufeffone\n\n", "one"),
        ("Cafe\u0301", "Café"),
        ("two  spaces,\ta tab, \u00a0 and a zero\u200bwidth", "two  spaces,\ta tab, \u00a0 and a zero\u200bwidth"),
        ("  indented\n  line ", "indented\n  line"),
        ("", ""),
    ],
)
def test_the_normal_form(given: str, normal: str) -> None:
    assert normalise(given) == normal


@given(st.text(st.characters(codec="utf-8") | st.sampled_from("\r\n\t \ufeff\u2028\u2029\u0301e")))
def test_the_normal_form_is_stable_and_loses_no_words(text: str) -> None:
    normal = normalise(text)
    assert normalise(normal) == normal
    assert not re.search(r"\r|\n\s*\n\s*\n", normal)
    assert bare(normal) == bare(unicodedata.normalize("NFC", text))


def bare(text: str) -> str:
    return re.sub(r"[\s\ufeff]", "", text)


def test_a_span_is_the_text_between_its_offsets() -> None:
    assert Span(5, 9).of("Kyiv,Cuba.") == "Cuba"
    assert Span(0, 9).covers(Span(5, 9))
    assert not Span(0, 8).covers(Span(5, 9))
    for start, end in [(-1, 3), (4, 3)]:
        with pytest.raises(ValueError, match=re.escape(f"not a span: {start}..{end}")):
            Span(start, end)


def test_a_version_is_named_by_the_digest_of_its_text() -> None:
    article = Article("Kuba – 1", "t", "/a")
    assert article.version == "sha256:" + hashlib.sha256("Kuba – 1".encode()).hexdigest()


def test_an_article_is_known_by_its_desk_and_source_and_standard_input_by_its_text() -> None:
    one, changed = Article("one", "t", "/a.txt"), Article("two", "t", "/a.txt")
    assert article_id("default", one) == article_id("default", changed)
    assert article_id("default", one) != article_id("other", one)
    piped, other = Article("one", "t", "-"), Article("two", "t", "-")
    assert article_id("default", piped) != article_id("default", other)
    assert article_id("default", piped) == article_id("default", Article("one", "another title", "-"))
    assert re.fullmatch(r"[0-9a-f]{16}", article_id("default", one))
