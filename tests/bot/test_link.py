"""Links that open at the quote, read as a browser reads them."""

import re
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.link import LONGEST, deep_link, outlet, web_address
from ingest.article import Span, normalise

PAGE = "https://x.org/pact"
TEXT = (
    "Russia ratified the pact. Kyiv considers him, an expert, one of the well-known few & many others.\n\n"
    "Andriy Yusov, a spokesman for the agency, put the number at up to 20,000 on Tuesday. He spoke in Kyiv.\n\n"
    "Havana was silent. He spoke in Kyiv. Prices rose."
)


def at(quote: str, text: str = TEXT, nth: int = 0) -> Span:
    start = [found.start() for found in re.finditer(re.escape(quote), text)][nth]
    return Span(start, start + len(quote))


def link(quote: str, url: str = PAGE, nth: int = 0) -> str | None:
    return deep_link(url, TEXT, at(quote, nth=nth))


def test_a_short_quote_is_looked_for_as_it_stands() -> None:
    assert link("Havana was silent.") == "https://x.org/pact#:~:text=Havana%20was%20silent."


def test_a_longer_quote_is_looked_for_by_its_beginning_and_its_end() -> None:
    assert link("Andriy Yusov, a spokesman for the agency, put the number at up to 20,000 on Tuesday.") == (
        "https://x.org/pact#:~:text=Andriy%20Yusov%2C%20a%20spokesman%20for,up%20to%2020%2C000%20on%20Tuesday."
    )


def test_what_has_a_meaning_in_a_fragment_is_encoded() -> None:
    assert link("the well-known few & many others.") == (
        "https://x.org/pact#:~:text=the%20well%2Dknown%20few%20%26%20many%20others."
    )


def test_the_same_words_twice_are_told_apart_by_what_is_before_or_after_them() -> None:
    assert link("He spoke in Kyiv.") == "https://x.org/pact#:~:text=He%20spoke%20in%20Kyiv."
    assert (
        link("He spoke in Kyiv.", nth=1) == "https://x.org/pact#:~:text=Havana%20was%20silent.-,He%20spoke%20in%20Kyiv."
    )
    assert deep_link(PAGE, "It rose. So did we. It rose. Then it fell.", Span(20, 28)) == (
        "https://x.org/pact#:~:text=So%20did%20we.-,It%20rose."
    )
    assert deep_link(PAGE, "It rose.\n\nIt rose. It fell.", Span(10, 18)) == (
        "https://x.org/pact#:~:text=It%20rose.,-It%20fell."
    )


def test_where_its_own_paragraph_does_not_tell_the_one_next_to_it_may_or_it_opens_at_the_first() -> None:
    first = "https://x.org/pact#:~:text=It%20rose."
    assert deep_link(PAGE, "It rose.\n\nIt rose.", Span(0, 8)) == first
    # Something that is no part of the article may stand between them: then the first is found all the same.
    told = "https://x.org/pact#:~:text=It%20rose.-,It%20rose.&text=It%20rose."
    assert deep_link(PAGE, "It rose.\n\nIt rose.", Span(10, 18)) == told
    assert deep_link(PAGE, "\n\n".join(["It rose."] * 4), Span(20, 28)) == first  # for all is the same there


def test_the_title_above_the_text_may_read_the_same() -> None:
    text = "He said: Prices rose. So be it."
    assert deep_link(PAGE, text, Span(9, 21)) == f"{PAGE}#:~:text=Prices%20rose."
    assert deep_link(PAGE, text, Span(9, 21), "Prices rose.") == f"{PAGE}#:~:text=He%20said%3A-,Prices%20rose."


def test_the_marks_of_lists_and_tables_are_on_no_page() -> None:
    text = "- First came bread.\n- Then came peace.\n\nCuba | 20,000 men\nPeru | none"
    assert deep_link(PAGE, text, at("- Then came peace.", text)) == f"{PAGE}#:~:text=Then%20came%20peace."
    assert deep_link(PAGE, text, at("Cuba | 20,000 men", text)) == f"{PAGE}#:~:text=Cuba,20%2C000%20men"
    assert deep_link(PAGE, text, Span(0, 38)) == f"{PAGE}#:~:text=First%20came%20bread.,Then%20came%20peace."


def test_a_term_never_reaches_over_the_end_of_a_paragraph() -> None:
    assert link("He spoke in Kyiv.\n\nHavana was silent.") == (
        "https://x.org/pact#:~:text=He%20spoke%20in%20Kyiv.,Havana%20was%20silent."
    )


def test_a_fragment_that_is_there_stays() -> None:
    assert link("Prices rose.", "https://x.org/#sec") == "https://x.org/#sec:~:text=Prices%20rose."
    assert link("Prices rose.", "https://x.org/#") == "https://x.org/#:~:text=Prices%20rose."
    assert link("Prices rose.", "https://x.org/#sec:~:text=else") == "https://x.org/#sec:~:text=Prices%20rose."


def test_a_long_address_leaves_room_for_fewer_words_and_then_for_none() -> None:
    quote = "Andriy Yusov, a spokesman for the agency, put the number at up to 20,000 on Tuesday."
    for length, fragment in (
        (405, "#:~:text=Andriy%20Yusov%2C%20a%20spokesman%20for,up%20to%2020%2C000%20on%20Tuesday."),
        (420, "#:~:text=Andriy%20Yusov%2C%20a,20%2C000%20on%20Tuesday."),
        (450, "#:~:text=Andriy%20Yusov%2C,on%20Tuesday."),
        (470, "#:~:text=Andriy,Tuesday."),
        (480, ""),
    ):
        assert link(quote, PAGE.ljust(length, "x")) == PAGE.ljust(length, "x") + fragment
    assert link(quote, PAGE.ljust(LONGEST + 1, "x")) is None


def test_words_that_are_not_spaced_are_cut_where_a_clause_ends() -> None:
    text = "俄羅斯國會週二批准了與古巴的協定。哈瓦那沒有發表評論，莫斯科也保持沉默，基輔則表示關注。"
    assert unquote(str(deep_link(PAGE, text, at("哈瓦那沒有發表評論，莫斯科也保持沉默，基輔則表示關注。", text)))) == (
        f"{PAGE}#:~:text=哈瓦那沒有發表評論，莫斯科也保持沉默，基輔則表示關注。"
    )


@pytest.mark.parametrize(
    "url",
    [
        *("", "x.org", "ftp://x.org/a", "javascript:alert(1)", "file:///etc/passwd", "https://", "http:///a"),
        *("https://me:secret@x.org/", "https://x.org@evil.org/", "https://x.org\\@evil.org/", "https://[::1/"),
        *("https://x .org/", "https://x.org<b>/"),
    ],
)
def test_what_is_no_page_has_no_link(url: str) -> None:
    assert (deep_link(url, TEXT, Span(0, 6)), web_address(url), outlet(url)) == (None, None, None)


def test_an_address_cannot_break_out_of_a_link() -> None:
    assert web_address("https://x.org/a b>)[c](https://y.org)'\"*`\\é") == (
        "https://x.org/a%20b%3E%29%5Bc%5D%28https://y.org%29%27%22%2A%60%5C%C3%A9"
    )
    assert web_address("https://x.org/a%20b?c=d&e=f") == "https://x.org/a%20b?c=d&e=f"


@pytest.mark.parametrize(
    ("url", "host"),
    [("https://www.X.org:8080/a", "x.org"), ("http://news.x.org", "news.x.org"), ("https://münchen.de/", "münchen.de")],
)
def test_the_outlet_is_the_host(url: str, host: str) -> None:
    assert outlet(url) == host


SOME = "It rose. Then we fell, the well-known & many 20,000 “so” 俄羅斯國會。 привет %41"
WORDS = st.sampled_from([*SOME.split(), "\n\n", "\n"])


@given(st.lists(WORDS, min_size=1, max_size=40), st.data())
def test_whatever_the_text_a_browser_finds_the_quote_or_the_link_is_the_page(
    parts: list[str], data: st.DataObject
) -> None:
    text = normalise(" ".join(parts)) or "It rose."
    edges = [0, *(m.end() for m in re.finditer(r"\s+", text)), len(text)]
    start, end = sorted((data.draw(st.sampled_from(edges)), data.draw(st.sampled_from(edges))))
    found = deep_link(PAGE, text, Span(start, end))
    assert found
    assert len(found) <= LONGEST
    page, _, directives = found.partition("#:~:text=")
    assert page == PAGE
    fragment, _, otherwise = directives.partition("&text=")
    if otherwise:
        assert opened(text, otherwise) == text[start:end]
    if not fragment:
        return
    assert re.fullmatch(r"[\w.~%,-]+", fragment, re.ASCII)
    shown = opened(text, fragment)
    assert shown is not None
    assert " ".join(shown.split()) == " ".join(text[start:end].split())


def opened(text: str, fragment: str) -> str | None:
    """What a browser marks on a page with that text: each term inside a paragraph, the first that fits."""
    terms = fragment.split(",")
    before = unquote(terms.pop(0)[:-1]) if terms[0].endswith("-") else ""
    after = unquote(terms.pop()[1:]) if terms[-1].startswith("-") else ""
    start, end = (*(unquote(term) for term in terms), "")[:2]
    line = text.casefold()

    def stands(term: str, place: int) -> int | None:
        """Where a term ends that begins at that place, skipping over blank space as a browser does."""
        for part in term.casefold().split():
            place += len(line[place:]) - len(line[place:].lstrip())
            if not line.startswith(part, place):
                return None
            place += len(part)
        return place

    def skip(place: int) -> int:
        return place + len(line[place:]) - len(line[place:].lstrip())

    for place in range(len(line)):
        opening = skip(at_before) if (at_before := stands(before, place)) is not None else None
        closing = stands(start, opening) if opening is not None and opening < len(line) else None
        if closing is None:
            continue
        ends = (
            [closing]
            if not end
            else [e for p in range(closing, len(line)) if (e := stands(end, p)) and not line[p].isspace()]
        )
        for last in ends:
            if not after or stands(after, last) is not None:
                return text[opening:last]
    return None
