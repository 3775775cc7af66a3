"""An answer as Discord's messages: what they look like, how long they are, and that nothing in them acts."""

import unicodedata
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answer import REFUSAL, Answer, Attribution, Citation, Dated, Notice
from bot.link import web_address
from bot.render import safe
from bot.render.discord import PAGES, answer_pages, article_page, nearest_pages, passage_pages, source_pages
from bot.render.escaping import choice, escape
from bot.render.pages import BREAK, clusters, units
from ingest.stored import StoredArticle, Version
from tests.bot.render.markdown import Found, constructs, shown
from tests.bot.render.test_terminal import SPOKEN, TEXT, answer, cite, text_of

URL = "https://www.x.org/pact"
YUSOV = "Andriy Yusov put the number at up to 20,000."
SPOKE = "He spoke in September."
LAWMAKER = "A lawmaker testified that day."


def on_page(n: int, quote: str, fragment: str = "", **facts: Any) -> Citation:
    return cite(n, quote, url=URL, link=URL + fragment, **facts)


# -- an answer


def test_an_answer_is_its_statements_and_then_each_source_once() -> None:
    told = answer((YUSOV, (1,)), (SPOKE, (1, 2)), cited=(on_page(1, YUSOV), on_page(2, SPOKE)))
    assert answer_pages(told) == (
        """\
Andriy Yusov put the number at up to 20,000. [1] He spoke in September. [1][2]

[1][2] [Russia ratifies pact](<https://www.x.org/pact>) — x.org, 8 October 2025""",
    )


def test_the_title_opens_at_the_quote() -> None:
    told = answer((YUSOV, (1,)), cited=(on_page(1, YUSOV, "#:~:text=Andriy,20%2C000."),))
    [page] = answer_pages(told)
    assert page.endswith(
        "\n\n[1] [Russia ratifies pact](<https://www.x.org/pact#:~:text=Andriy,20%2C000.>) — x.org, 8 October 2025"
    )


def test_quotes_at_different_places_of_an_article_have_a_link_each() -> None:
    told = answer((YUSOV, (1, 2)), cited=(on_page(1, YUSOV, "#:~:text=Andriy"), on_page(2, SPOKE, "#:~:text=He")))
    [page] = answer_pages(told)
    assert page.endswith(
        "\n\n[[1]](<https://www.x.org/pact#:~:text=Andriy>)[[2]](<https://www.x.org/pact#:~:text=He>)"
        " [Russia ratifies pact](<https://www.x.org/pact>) — x.org, 8 October 2025"
    )


def test_the_times_that_the_quotes_name_stand_below_their_source() -> None:
    acts = Dated(start=0, end=1, text="on **Tuesday** @everyone", date="2025-10-07", precision="day")
    told = answer((SPOKE, (1,)), cited=(cite(1, SPOKE, dates=(*SPOKEN.dates, acts)),))
    [page] = answer_pages(told)
    assert page.endswith(
        "\n\n[1] Russia ratifies pact — 8 October 2025\n-# When: in September (September 2025),"
        f" on \\*\\*Tuesday\\*\\* \\@{BREAK}everyone (7 October 2025\\)"
    )
    [passage] = passage_pages(told, text_of)
    assert "\n-# When: in September (September 2025)" in passage
    assert "When:" not in "".join(nearest_pages(answer(cited=told.citations), text_of))


def test_a_file_has_no_link_and_no_outlet() -> None:
    other = cite(2, SPOKE, article_id="a2", title="Other", published=None)
    told = answer((YUSOV, (1,)), (SPOKE, (2,)), cited=(cite(1, YUSOV), other))
    assert answer_pages(told)[0].split("\n\n")[1] == "[1] Russia ratifies pact — 8 October 2025\n[2] Other"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "https://x.org@evil.org/", "https://x.org/" + "a" * 600])
def test_what_is_no_address_or_too_long_is_no_link(url: str) -> None:
    [page] = answer_pages(answer((YUSOV, (1,)), cited=(cite(1, YUSOV, url=url, link=url),)))
    assert "[1] Russia ratifies pact — " in page
    assert not constructs(page)


def test_a_title_and_an_address_cannot_break_out_of_their_link() -> None:
    cited = cite(1, YUSOV, title="a](https://evil.org) [b\n# c", url="https://x.org/>)[d](https://evil.org)", link=None)
    [page] = answer_pages(answer((YUSOV, (1,)), cited=(cited,)))
    assert page.split("\n\n")[1] == (
        r"[1] [a)(https\://evil.org) (b \# c](<https://x.org/%3E%29%5Bd%5D%28https://evil.org%29>)"
        " — x.org, 8 October 2025"
    )


def test_who_says_it_is_a_small_line_in_which_nothing_acts() -> None:
    by = Attribution(speaker="@everyone **Yusov**", role="# [spokesman](https://evil.org)", cue="said")
    cited = cite(1, YUSOV, attribution=by)
    [page] = answer_pages(answer((YUSOV, (1,)), cited=(cited,)))
    assert page.splitlines()[-1] == (
        "-# \\@\u200beveryone \\*\\*Yusov\\*\\*, \\# \\[spokesman\\](https\\://evil.org), said"
    )
    assert "spokesman" not in nearest_pages(answer(cited=(cited,)), text_of)[0]


def test_notes_come_last_and_small() -> None:
    told = answer((YUSOV, (1,)), cited=(cite(1, YUSOV),), notes=("One *note*.", "Another."))
    assert answer_pages(told)[0].endswith(
        "\n[1] Russia ratifies pact — 8 October 2025\n-# One \\*note\\*.\n-# Another."
    )


def test_that_an_article_was_corrected_stands_small_beneath_its_source() -> None:
    notice = Notice(start=0, end=0, quote="Correction: *20,000*, said @everyone. " + "word " * 100)
    told = answer((YUSOV, (1,)), cited=(cite(1, YUSOV, correction=notice), cite(2, SPOKE, article_id="a2")))
    [page] = answer_pages(told)
    _, source, corrected, other = page.rsplit("\n", 3)
    assert source == "[1] Russia ratifies pact — 8 October 2025"
    assert corrected.startswith(
        "-# This article carries a correction: Correction: \\*20,000\\*, said \\@\u200beveryone. word"
    )
    assert corrected.endswith("word…")
    assert len(corrected) < 400
    assert other.startswith("[2] ")
    assert passage_pages(told, text_of)[0].split("\n")[1] == corrected


def test_a_refusal_is_a_sentence_and_nothing_of_the_passages() -> None:
    assert answer_pages(answer(cited=(on_page(1, SPOKE),))) == (REFUSAL,)
    assert answer_pages(answer(notes=("There is no article.",))) == (f"{REFUSAL}\n-# There is no article.",)


def test_a_statement_that_fits_on_a_page_is_on_one() -> None:
    statements = [f"{n} {'word ' * 150}end." for n in range(4)]
    told = answer(*((statement, (1,)) for statement in statements), cited=(cite(1, SPOKE),))
    pages = answer_pages(told)
    assert [page.count("end. [1]") for page in pages] == [2, 2]
    assert pages[1].endswith("\n\n[1] Russia ratifies pact — 8 October 2025")


def test_a_statement_longer_than_a_page_is_divided_between_words_and_keeps_its_number() -> None:
    statement = " ".join(f"word{n}" for n in range(400))
    pages = answer_pages(answer((statement, (1,)), cited=(cite(1, SPOKE),)))
    assert " ".join(pages).startswith(statement + " [1]")
    assert len(pages) == 2


def test_a_text_without_blank_space_is_divided_between_characters() -> None:
    pages = answer_pages(answer(("é👩‍👩‍👧🇬🇧*" * 300, (1,)), cited=(cite(1, SPOKE),)))
    assert "".join(map(shown, pages)).startswith("é👩‍👩‍👧🇬🇧*" * 300 + " [1]")
    for page in pages:
        assert page.strip("\u200b")[0] in "é👩🇬\\"
        assert not page.removesuffix("\\*").endswith(("\\", "\u200d", "\U0001f1ec"))


def test_what_no_channel_should_have_to_read_is_left_out_and_said() -> None:
    statement = "word " * 4000 + "end."
    pages = answer_pages(answer((statement, (1,)), ("Short.", (1,)), cited=(cite(1, SPOKE),), notes=("A note.",)))
    assert len(pages) == PAGES
    left = len(f"{statement} Short. ") - 5 * sum(page.count("word") for page in pages)
    assert pages[-1].endswith(
        f"word\n-# Too long for Discord: {left:,} characters are left out here."
        "\n\n[1] Russia ratifies pact — 8 October 2025\n-# A note."
    )


def test_too_many_sources_are_left_out_and_counted() -> None:
    cited = tuple(
        cite(n, SPOKE, article_id=f"a{n}", url=f"https://x.org/{n}/{'a' * 450}", link=None) for n in range(1, 40)
    )
    pages = answer_pages(answer(("All say so.", tuple(range(1, 40))), cited=cited))
    assert len(pages) <= PAGES
    named = sum(page.count("](<") for page in pages)
    assert pages[-1].endswith(f"\n-# Too long for Discord: {39 - named} sources are left out here.")


# -- its passages


def test_each_passage_is_shown_once_with_its_quotes_in_bold() -> None:
    told = answer((YUSOV, (1,)), cited=(on_page(1, YUSOV),))
    assert passage_pages(told, text_of) == (
        "[1] [Russia ratifies pact](<https://www.x.org/pact>) — x.org, 8 October 2025\n"
        f"Kyiv considers him one of many. **{YUSOV}** {SPOKE}",
    )


def test_several_quotes_of_an_article_are_numbered() -> None:
    told = answer(("A.", (1, 2, 3)), cited=(cite(1, YUSOV), cite(2, SPOKE), cite(3, LAWMAKER, (101, len(TEXT)))))
    assert passage_pages(told, text_of) == (
        "[1][2][3] Russia ratifies pact — 8 October 2025\n"
        f"Kyiv considers him one of many. **{YUSOV}** [1] **{SPOKE}** [2]\n"
        f"The figure had been made public in May. **{LAWMAKER}** [3]",
    )


def test_a_text_that_is_gone_leaves_the_quotes() -> None:
    told = answer(("A.", (1,)), cited=(cite(1, YUSOV),))
    assert passage_pages(told, lambda *_: None)[0].endswith(f"\n**{YUSOV}**")


def test_a_quote_over_two_pages_is_bold_on_both() -> None:
    text = "word " * 500 + "end. After."
    quote = text.removesuffix(" After.")
    told = answer(("A.", (1,)), cited=(cite(1, quote, (0, len(text)), text),))
    first, second = passage_pages(told, lambda *_: text)
    assert first.endswith("word**")
    assert second.startswith("**word")
    assert second.endswith("end.** After.")


def test_a_text_cannot_make_its_words_bold_or_end_the_bold() -> None:
    text = "a **b** c** **d** e"
    told = answer(("A.", (1,)), cited=(cite(1, "c** **d", (0, len(text)), text),))
    [page] = passage_pages(told, lambda *_: text)
    assert constructs(page) == [Found("bold", r"c\*\* \*\*d")]


def test_a_refusal_offers_the_nearest_passage_in_which_nothing_stands_out() -> None:
    refusal = answer(cited=(on_page(1, SPOKE, "#:~:text=He"),))
    assert nearest_pages(refusal, text_of) == (
        "Nearest passage:\n\n"
        "[Russia ratifies pact](<https://www.x.org/pact#:~:text=He>) — x.org, 8 October 2025\n"
        f"Kyiv considers him one of many. {YUSOV} {SPOKE}",
    )
    assert nearest_pages(answer(), text_of) == ()


# -- the articles


def stored(title: str = "A title", **facts: Any) -> StoredArticle:
    versions = (Version("sha256:1", datetime(2025, 10, 9, tzinfo=UTC)),)
    about: dict[str, Any] = {"id": "a1", "desk": "default", "source": "/a.md", "byline": "Ann Lee", "language": "en"}
    about |= {"published": date(2025, 10, 8), "url": None, "passages": 12, "characters": 4321, "versions": versions}
    return StoredArticle(title=title, **about | facts)


def test_the_articles_are_a_line_each() -> None:
    assert source_pages([stored(url=URL), stored("Other"), stored("Third", published=None)]) == (
        "8 October 2025 · [A title](<https://www.x.org/pact>) — x.org\n8 October 2025 · Other\nThird",
    )


def test_the_articles_are_paged() -> None:
    assert [page.count("\n") + 1 for page in source_pages([stored()] * 25)] == [10, 10, 5]
    wide = [stored("w" * 200, url="https://x.org/" + "a" * 480)] * 10
    assert [page.count("\n") + 1 for page in source_pages(wide)] == [3, 3, 3, 1]


def test_a_desk_without_articles_says_so() -> None:
    assert source_pages([]) == ("There are no articles here yet.",)


def test_all_that_is_known_of_an_article() -> None:
    assert (
        article_page(stored("A # title", url=URL))
        == r"""
**A \# title**
By: Ann Lee
Date: 8 October 2025
Outlet: x.org
Page: <https://www.x.org/pact>
Language: en
Passages: 12, 4,321 characters
Versions: 1, the current one read on 9 October 2025""".lstrip()
    )
    assert "\nFile: a.md\n" in article_page(stored(byline=None, published=None))


# -- text from outside


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        *(
            (same, same)
            for same in ("The U.S.-led force – “5.5%” of $3,500 — left; it's 3-2.", "x.org, a@b? No: (so).")[:1]
        ),
        ("press@x.org (so)", r"press\@x.org (so)"),
        ("*a* _b_ ~~c~~ ||d|| `e`", r"\*a\* \_b\_ \~\~c\~\~ \|\|d\|\| \`e\`"),
        ("[a](https://x.org)", r"\[a\](https\://x.org)"),
        ("(https://x.org)", r"\(https\://x.org)"),
        ("<https://x.org>", "\\<\u200bhttps\\://x.org>"),
        ("www.x.org discord.gg/a Discordapp.com/invite/a", r"www\.x.org discord\.gg/a Discordapp\.com/invite/a"),
        ("# a", r"\# a"),
        ("-# a", r"\-# a"),
        (">>> a > b", r"\>>> a \> b"),
        ("- a - b", r"\- a \- b"),
        ("1. a in 2025. b", r"1\. a in 2025\. b"),
        ("@everyone @Here @ann", "\\@\u200beveryone \\@\u200bHere \\@ann"),
        ("<@1> <@&1> <#1> </a:1>", "\\<\u200b\\@1> \\<\u200b\\@\u200b&1> \\<\u200b#1> \\<\u200b/a:1>"),
        ("<t:1:R> <a:b:1>", "\\<\u200bt\\:1:R> \\<\u200ba\\:b:1>"),
        (":smile: at 10:30", r"\:smile: at 10:30"),
        ("a\n# b\r\n\n> c", r"a \# b \> c"),
        ("5 < 6", "5 < 6"),
        ("\\*", r"\\\*"),
    ],
)
def test_what_a_text_becomes(text: str, escaped: str) -> None:
    assert escape(text) == escaped


SIGNS = "* ** _ __ ~~ || ` ``` \\ [ ] ( ) < > # ## - + -# >>> 1. 2) : :: :smile: / // @ @everyone @here"
CALLS = "<@1> <@!1> <@&1> <#1> </ask:1> <id:customize> <:a:1> <a:b:1> <t:1:R> <sound:1:2> <mailto:a@b.c>"
LINKS = "[a](https://x.org) https://x.org <https://x.org> http steam://a www. discord .gg/a discord.com/invite/a"
LINES = ["\n", "\n\n", "\n# ", "\n> ", "\n- ", "\n1. ", "\n-# ", " ", "\t"]
UNSEEN = ["\u200b", "\u202e", "\u200d", "\u0301", "a", "é", "👩‍👩‍👧"]
LIVE = st.sampled_from([*SIGNS.split(), *CALLS.split(), *LINKS.split(), *LINES, *UNSEEN])
HOSTILE = st.lists(LIVE | st.text(max_size=3), max_size=30).map("".join)
LIMITS = st.sampled_from([1000, 1001, 1024, 2000, 4096])


@given(HOSTILE)
def test_whatever_the_text_nothing_in_it_acts(text: str) -> None:
    assert constructs(escape(text)) == []
    assert constructs(f"[1]{escape(text)}") == []
    assert [found.kind for found in constructs(f"**a{escape(text)}**")] == ["bold"]


@given(HOSTILE)
def test_whatever_the_text_it_reads_as_it_was(text: str) -> None:
    assert shown(escape(text)) == safe(text)


@given(HOSTILE)
def test_escaping_at_most_trebles_a_text(text: str) -> None:
    assert units(escape(text)) <= 3 * units(text)


def hostile(text: str, n: int, repeat: int) -> Citation:
    url = "https://x.org/" + "".join(c for c in text if c.isalnum())
    whole = text * repeat + "."
    return cite(
        n, whole, (0, len(whole)), whole, title=text, byline=text, source=text, url=url, link=f"{url}#:~:text={n}"
    )


@st.composite
def hostile_answers(draw: st.DrawFn) -> tuple[Answer, dict[str, str]]:
    texts = draw(st.lists(HOSTILE, min_size=1, max_size=4))
    cited = tuple(hostile(t, n, draw(st.sampled_from([1, 2, 20]))) for n, t in enumerate(texts, 1))
    cited = tuple(
        c.model_copy(update={"article_id": f"a{c.n // 2}" if c.quote == cited[0].quote else f"b{c.n}"}) for c in cited
    )
    told = answer(*((c.quote, (c.n,)) for c in cited), cited=cited, notes=tuple(texts[:2]))
    return told, {c.article_id: c.quote for c in cited}


@settings(deadline=None)
@given(hostile_answers(), LIMITS)
def test_whatever_the_articles_every_page_fits_and_only_what_is_ours_acts(
    told: tuple[Answer, dict[str, str]], limit: int
) -> None:
    answered, texts = told

    def of(article_id: str, version: str) -> str:
        return texts[article_id]

    refused = answered.model_copy(update={"answered": False, "text": REFUSAL, "statements": ()})
    articles = [stored(c.title, byline=c.byline, source=c.source, url=c.url) for c in answered.citations]
    everything = [
        *answer_pages(answered, limit),
        *answer_pages(refused, limit),
        *passage_pages(answered, of, limit),
        *nearest_pages(refused, of, limit),
        *source_pages(articles, limit),
    ]
    own = {f"<{link}>" for c in answered.citations for link in linked(c)}
    quoted = ["".join(safe(c.quote).split()) for c in answered.citations]
    for page in everything:
        assert 0 < units(page) <= limit
        for kind, what in constructs(page):
            match kind:
                case "link":
                    assert what in own
                case "bold":
                    assert any("".join(shown(what).split()) in quote for quote in quoted)
                case _:
                    assert (kind, what) == ("block", "-#")
    for article in articles:
        page = article_page(article)
        assert units(page) <= 2000
        assert [found.kind for found in constructs(page.replace(f"<{web_address(str(article.url))}>", ""))] == ["bold"]


def linked(citation: Citation) -> list[str]:
    return [address for url in (citation.link, citation.url) if url and (address := web_address(url))]


@settings(deadline=None)
@given(st.lists(HOSTILE.filter(lambda text: bool(safe(text).strip())), min_size=1, max_size=4), LIMITS)
def test_whatever_the_statements_the_pages_have_them_all_in_order(texts: list[str], limit: int) -> None:
    told = answer(*((text, (1,)) for text in texts), cited=(cite(1, SPOKE),))
    read = "".join("".join(map(shown, answer_pages(told, limit))).split())
    assert read.startswith("".join("".join(f"{safe(text)} [1]".split()) for text in texts))


@given(HOSTILE)
def test_a_character_is_never_torn(text: str) -> None:
    parts = [*clusters(escape(text))]
    assert "".join(parts) == escape(text)
    for part in parts:
        assert part != "\\"
        assert len(part) <= 32
    for before, part in pairwise(parts):
        assert len(before) == 32 or unicodedata.category(part[0]) not in {"Mn", "Mc", "Me"}


# -- labels


@pytest.mark.parametrize(
    ("text", "limit", "label"),
    [
        ("Russia ratifies pact", 100, "Russia ratifies pact"),
        ("Russia ratifies\nthe *pact*, at last", 27, "Russia ratifies the *pact*…"),
        ("Russia ratifies the pact", 15, "Russia…"),
        ("Russia ratifies the pact", 16, "Russia ratifies…"),
        ("w" * 50, 10, "w" * 9 + "…"),
        ("👩‍👩‍👧👩‍👩‍👧", 10, "👩‍👩‍👧…"),
        ("", 100, "untitled"),
        (" \n\u200d", 100, "untitled"),
    ],
)
def test_a_label_is_cut_after_a_word(text: str, limit: int, label: str) -> None:
    assert choice(text, limit) == label


@given(HOSTILE, st.integers(8, 100))
def test_whatever_the_text_a_label_has_one_to_so_many_characters(text: str, limit: int) -> None:
    assert 1 <= units(choice(text, limit)) <= limit
    assert choice(text, limit).splitlines() == [choice(text, limit)]
