import io
import unicodedata
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answer import REFUSAL, Answer, Attribution, Citation, Dated, Notice, Range, Statement, Timings, answer_text
from bot.render import safe
from bot.render.cited import when
from bot.render.terminal import Look, look_of, opening, render

TEXT = (
    "Kyiv considers him one of many. Andriy Yusov put the number at up to 20,000. He spoke in September.\n\n"
    "The figure had been made public in May. A lawmaker testified that day."
)

SPOKE = "He spoke in September."


def cite(n: int, quote: str, passage: tuple[int, int] = (0, 99), text: str = TEXT, **facts: Any) -> Citation:
    start = text.index(quote)
    about = {"article_id": "a1", "version": "sha256:1", "title": "Russia ratifies pact", "byline": "Ann Lee"}
    about |= {"published": date(2025, 10, 8), "source": "/news/pact.md", "url": None, "link": None}
    return Citation(
        n=n,
        quote=quote,
        start=start,
        end=start + len(quote),
        passage=Range(start=passage[0], end=passage[1]),
        **(about | facts),
    )


def answer(
    *statements: tuple[str, tuple[int, ...]], cited: tuple[Citation, ...] = (), notes: tuple[str, ...] = ()
) -> Answer:
    said = tuple(Statement(text=text, citations=numbers) for text, numbers in statements)
    return Answer(
        question="q",
        standalone_question="q",
        desks=("default",),
        answered=bool(said),
        text=answer_text(said),
        statements=said,
        citations=cited,
        retrieved=(),
        mode="quote",
        model="quote",
        notes=notes,
        timings_ms=Timings(),
    )


def text_of(article_id: str, version: str) -> str | None:
    return TEXT


ONE = answer(
    ("Andriy Yusov put the number at up to 20,000.", (1,)),
    cited=(cite(1, "Andriy Yusov put the number at up to 20,000."),),
)


def test_piped_a_paragraph_is_a_line_and_the_quote_stands_between_stars() -> None:
    assert (
        render(ONE, text_of)
        == """\
Andriy Yusov put the number at up to 20,000. [1]

[1] Russia ratifies pact – Ann Lee, 8 October 2025
    pact.md
    Kyiv considers him one of many. **Andriy Yusov put the number at up to 20,000.** He spoke in September."""
    )


SPOKEN = cite(
    1,
    "He spoke in September.",
    dates=(Dated(start=91, end=103, text="in September", date="2025-09", precision="month"),),
)


def test_the_times_that_a_quote_names_stand_below_it_and_the_quote_as_it_is() -> None:
    told = answer(("He spoke in September.", (1,)), cited=(SPOKEN,))
    assert render(told, text_of).endswith("**He spoke in September.**\n    When: in September (September 2025)")
    assert "When:" not in render(answer(cited=(SPOKEN,)), text_of)


def test_each_time_is_shown_once_as_far_as_it_is_known_and_not_too_many() -> None:
    def dated(text: str, date: str, precision: Any) -> Dated:
        return Dated(start=0, end=1, text=text, date=date, precision=precision)

    known = (
        dated("on\x1b Tuesday", "2025-10-07", "day"),
        dated("last week", "2025-W40", "week"),
        dated("last year", "2024", "year"),
        dated("last year", "2024", "year"),
    )
    assert when([cite(1, TEXT, dates=known)]) == (
        "on Tuesday (7 October 2025), last week (the week of 29 September 2025), last year (2024)"
    )
    many = tuple(dated(f"{n} years ago", str(2025 - n), "year") for n in range(2, 9))
    assert when([cite(1, TEXT, dates=many)]).endswith("7 years ago (2018), …")


def test_a_terminal_wraps_and_the_quote_is_bold_in_what_is_dim() -> None:
    assert render(ONE, text_of, Look(40, styled=True)).splitlines() == [
        "Andriy Yusov put the number at up to",
        "20,000. \x1b[36m[1]\x1b[0m",
        "",
        "\x1b[36m[1] \x1b[0mRussia ratifies pact – Ann Lee, 8",
        "October 2025",
        "    pact.md",
        "    \x1b[2mKyiv considers him one of many.\x1b[0m",
        "    \x1b[1mAndriy Yusov put the number at up to\x1b[0m",
        "    \x1b[1m20,000.\x1b[0m\x1b[2m He spoke in September.\x1b[0m",
    ]


def test_without_styles_a_terminal_still_wraps_and_the_stars_are_back() -> None:
    assert (
        render(ONE, text_of, Look(60))
        == """\
Andriy Yusov put the number at up to 20,000. [1]

[1] Russia ratifies pact – Ann Lee, 8 October 2025
    pact.md
    Kyiv considers him one of many. **Andriy Yusov put the
    number at up to 20,000.** He spoke in September."""
    )


def test_an_article_cited_twice_is_named_once_and_its_passage_shown_once() -> None:
    shown = answer(
        ("He spoke in September.", (2,)),
        ("Andriy Yusov put the number at up to 20,000.", (1, 2)),
        cited=(cite(1, "Andriy Yusov put the number at up to 20,000."), cite(2, "He spoke in September.")),
    )
    assert (
        render(shown, text_of)
        == """\
He spoke in September. [2] Andriy Yusov put the number at up to 20,000. [1][2]

[1][2] Russia ratifies pact – Ann Lee, 8 October 2025
    pact.md
    Kyiv considers him one of many. \
**Andriy Yusov put the number at up to 20,000.** [1] **He spoke in September.** [2]"""
    )


def test_that_an_article_was_corrected_stands_beneath_its_source() -> None:
    notice = Notice(start=0, end=0, quote="Correction: The\x1b[2J number was 20,000.")
    shown = answer((SPOKE, (1,)), cited=(cite(1, SPOKE, (78, 100), correction=notice),))
    assert (
        render(shown, text_of)
        == """\
He spoke in September. [1]

[1] Russia ratifies pact – Ann Lee, 8 October 2025
    pact.md
    This article carries a correction: Correction: The [2J number was 20,000.
    **He spoke in September.**"""
    )


def test_other_passages_and_other_articles_come_below() -> None:
    shown = answer(
        ("A.", (1, 2, 3)),
        cited=(
            cite(1, "A lawmaker testified that day.", (101, len(TEXT))),
            cite(2, "Kyiv considers him one of many.", (0, 31)),
            cite(
                3,
                "He spoke in September.",
                article_id="a2",
                title="Other",
                byline=None,
                published=None,
                url="https://x.org/a",
            ),
        ),
    )
    assert (
        render(shown, text_of)
        == """\
A. [1][2][3]

[1][2] Russia ratifies pact – Ann Lee, 8 October 2025
    pact.md
    **Kyiv considers him one of many.** [2]
    The figure had been made public in May. **A lawmaker testified that day.** [1]

[3] Other
    https://x.org/a
    Kyiv considers him one of many. Andriy Yusov put the number at up to 20,000. **He spoke in September.**"""
    )


YUSOV = Attribution(speaker="Andriy Yusov", role="spokesman for the service", cue="said")


@pytest.mark.parametrize(
    ("by", "line"),
    [
        (YUSOV, "Andriy Yusov, spokesman for the service, said"),
        (YUSOV.model_copy(update={"role": None}), "Andriy Yusov said"),
        (Attribution(speaker="Tass", role=None, cue="according to"), "according to Tass"),
        (Attribution(speaker=None, role=None, cue="reportedly"), "somebody says so, or part of it: reportedly"),
        (Attribution(speaker=None, role=None, cue="“"), "a quotation of somebody"),
    ],
)
def test_who_says_it_stands_above_the_quote(by: Attribution, line: str) -> None:
    cited = cite(1, "He spoke in September.", attribution=by)
    assert render(answer(("A.", (1,)), cited=(cited,)), text_of).splitlines()[4] == f"    {line}"
    assert line not in render(answer(cited=(cited,)), text_of)


def test_of_several_quotes_numbers_tell_who_says_which() -> None:
    cited = (cite(1, "He spoke in September."), cite(2, "Andriy Yusov put the number", attribution=YUSOV))
    lines = render(answer(("A.", (1, 2)), cited=cited), text_of).splitlines()
    assert lines[4] == "    [2] Andriy Yusov, spokesman for the service, said"


@pytest.mark.parametrize("quotes", [("Yusov put the number", "put the number at"), ("put the number at", "the number")])
def test_quotes_that_overlap_are_one(quotes: tuple[str, str]) -> None:
    shown = answer(("A.", (1, 2)), cited=tuple(cite(n, quote) for n, quote in enumerate(quotes, 1)))
    assert render(shown, text_of).count("**") == 2
    assert "** [1][2]" in render(shown, text_of)


def test_a_refusal_offers_the_nearest_passage_as_no_answer() -> None:
    refusal = answer(cited=(cite(1, "He spoke in September."),))
    assert (
        render(refusal, text_of)
        == f"""\
{REFUSAL}

Nearest passage:
Russia ratifies pact – Ann Lee, 8 October 2025
    pact.md
    Kyiv considers him one of many. Andriy Yusov put the number at up to 20,000. He spoke in September."""
    )


def test_a_refusal_with_nothing_near_is_one_line() -> None:
    assert render(answer(), text_of) == REFUSAL


def test_a_text_that_is_gone_leaves_the_quote() -> None:
    assert render(ONE, lambda *_: None).splitlines()[-1] == "    **Andriy Yusov put the number at up to 20,000.**"


@pytest.mark.parametrize(
    ("source", "url", "shown"),
    [
        ("/news/2025/pact.md", None, "pact.md"),
        ("/news/pact.md", "https://x.org/pact", "https://x.org/pact"),
        ("https://x.org/pact", None, "https://x.org/pact"),
        ("-", None, "standard input"),
    ],
)
def test_where_an_article_is(source: str, url: str | None, shown: str) -> None:
    cited = cite(1, "He spoke in September.", source=source, url=url)
    assert render(answer(("A.", (1,)), cited=(cited,)), text_of).splitlines()[3] == f"    {shown}"


def test_an_address_is_never_broken() -> None:
    url = "https://x.org/" + "a-long-path/" * 10
    cited = cite(1, "He spoke in September.", url=url)
    assert f"\n    {url}\n" in render(answer(("A.", (1,)), cited=(cited,)), text_of, Look(40, styled=True))


EVIL = "a\x1b[31mb\x9b2Jc\x07\r\nd\u202ee\u2028[f] [bold]g[/bold] :smile: \ud800\x00"
TAMED = "a [31mb 2Jc de [f] [bold]g[/bold] :smile: \ufffd"


@pytest.mark.parametrize("look", [Look(), Look(200), Look(200, styled=True)])
def test_nothing_in_the_text_is_obeyed(look: Look) -> None:
    text = EVIL.replace("\ud800", "") + "end"
    tamed = TAMED.replace("\ufffd", "") + "end"
    cited = cite(1, "end", (0, len(text)), text, title=text, byline=text, source="/news/" + text.replace("[/bold]", ""))
    shown = render(answer((text, (1,)), cited=(cited,)), lambda *_: text, look)
    ours = {"\x1b[36m": "", "\x1b[2m": "", "\x1b[1m": "**", "\x1b[0m": ""}
    for code in ours:
        shown = shown.replace(code, "")
    assert (
        shown.replace("*", "").split()
        == f"""
        {tamed} [1] [1] {tamed} – {tamed}, 8 October 2025 {tamed.replace("[/bold]", "")} {tamed}""".split()
    )
    assert shown.isprintable() or set(shown) - {"\n"} == {c for c in shown if c.isprintable()}


def test_wide_characters_count_twice() -> None:
    wide = "俄羅斯國會週二批准了與古巴的軍事合作協定。" * 3
    lines = render(answer((wide, ())), text_of, Look(30)).splitlines()
    assert max(map(len, lines)) == 15


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "environ", "look"),
    [
        (io.StringIO(), {}, Look()),
        (Terminal(), {}, Look(77, styled=True)),
        (Terminal(), {"NO_COLOR": "1"}, Look(77)),
        (Terminal(), {"NO_COLOR": ""}, Look(77, styled=True)),
        (Terminal(), {"TERM": "dumb"}, Look(77)),
    ],
)
def test_what_suits_a_stream(
    stream: io.StringIO, environ: dict[str, str], look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    for name, value in {"TERM": "xterm", "COLUMNS": "77", **environ}.items():
        monkeypatch.setenv(name, value)
    assert look_of(stream) == look


@given(st.text(st.characters() | st.sampled_from("\x1b[]m\r\n\u202e*"), min_size=1), st.integers(1, 60))
def test_whatever_the_text_a_line_is_a_line_and_nothing_in_it_can_act(text: str, width: int) -> None:
    assert not {unicodedata.category(c) for c in safe(text)} & {"Cc", "Cs", "Zl", "Zp"}
    assert not {unicodedata.bidirectional(c) for c in safe(text)} & {"LRO", "RLO", "LRE", "RLE", "LRI", "RLI", "FSI"}
    cited = cite(1, text, (0, len(text)), text, title=text, byline=text, source=text)
    shown = answer((text, (1,)), cited=(cited,))
    assert render(shown, lambda *_: text).count("\n") == 4
    assert "\x1b" not in render(shown, lambda *_: text, Look(width))


# -- an answer that grows


def test_an_answer_that_grows_begins_with_its_statements() -> None:
    assert opening(ONE) == "Andriy Yusov put the number at up to 20,000. [1]"
    assert opening(answer()) == ""


@settings(deadline=None)
@given(st.lists(st.text(st.sampled_from("ab 漢\x1b[]*🙂-."), min_size=1, max_size=90), min_size=1), st.integers(8, 60))
@pytest.mark.parametrize("styled", [True, False])
def test_what_was_shown_of_it_is_never_taken_back(styled: bool, texts: list[str], width: int) -> None:
    look = Look(width, styled=styled)
    growing = [answer(*((text, (1,)) for text in texts[:count])) for count in range(1, len(texts) + 1)]
    shown = [opening(each, look) for each in growing]
    assert all(later.startswith(earlier) for earlier, later in pairwise(shown))
    assert render(growing[-1], text_of, look).startswith(shown[-1])
