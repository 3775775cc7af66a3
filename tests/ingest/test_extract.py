"""From bytes to an Article, whole: the original article, many paragraphs, hostile bytes."""

import json
import os
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.article import Article, normalise
from ingest.errors import SourceError
from ingest.extract import extract
from ingest.load import HTML, MARKDOWN, PDF, TEXT, Loaded, load

SHARED = Path(os.environ.get("CITEDESK_SHARED") or Path(__file__).parents[2].parent / "shared")
ORIGINAL = SHARED / "articles" / "russia-cuba-venezuela-2025-10-08.txt"
XQUAD = SHARED / "bench" / "xquad.en.json"


def read(text: str | bytes, media: str = TEXT, source: str = "/a/pact.txt") -> Article:
    return extract(Loaded("pact", source, text.encode() if isinstance(text, str) else text, media))


@pytest.mark.skipif(not ORIGINAL.exists(), reason=f"needs {ORIGINAL}")
def test_the_original_article() -> None:
    article = extract(load(str(ORIGINAL)))
    assert article.published == date(2025, 10, 8)
    assert article.text.startswith("Russia’s rubber-stamp legislature passed")
    assert article.title == "Russia’s rubber-stamp legislature passed an “intergovernmental agreement on military…"
    assert article.byline == "Frances Martel"
    assert article.text.endswith("Follow Frances Martel on Facebook and Twitter.")
    assert article.text == normalise(ORIGINAL.read_text("utf-8").partition("2025-10-08")[2])
    assert (article.url, article.language) == (None, None)


@pytest.mark.skipif(not XQUAD.exists(), reason=f"needs {XQUAD}")
def test_paragraphs_of_plain_texts_are_all_there_word_for_word() -> None:
    for entry in json.loads(XQUAD.read_text("utf-8"))["data"]:
        paragraphs = [paragraph["context"] for paragraph in entry["paragraphs"]]
        article = read("\n\n".join(paragraphs))
        assert article.text == normalise("\n\n".join(paragraphs))
        assert all(normalise(paragraph) in article.text for paragraph in paragraphs)


@pytest.mark.parametrize("media", [TEXT, MARKDOWN, HTML, PDF])
@pytest.mark.parametrize("data", [b" \n\t\n ", b"\xef\xbb\xbf", b"...\n\n--", b"\x00\x01\x02\x03" * 50])
def test_nothing_to_read_is_one_clear_line(media: str, data: bytes) -> None:
    with pytest.raises(SourceError) as caught:
        read(data, media)
    assert str(caught.value).startswith("pact: ")
    assert "\n" not in str(caught.value)


def test_titles_and_bylines_are_one_safe_line() -> None:
    article = read(
        '---\ntitle: "Pact\\u202e signed\\nin \\x1b[31mHavana"\nauthor: "Ann\\tLee\\u2066"\n---\nText.',
        MARKDOWN,
    )
    assert (article.title, article.byline) == ("Pact signed in [31mHavana", "Ann Lee")
    long = read(f"---\ntitle: {'word ' * 200}\n---\nText.", MARKDOWN)
    assert len(long.title) <= 300
    assert long.title.endswith("word…")


def test_a_fetched_page_dates_itself_by_its_address_and_a_file_by_nothing() -> None:
    assert read("A pact was signed.", source="https://example.org/2023/03/08/pact").published == date(2023, 3, 8)
    assert read("A pact was signed.", source="/news/2023/03/08/pact.txt").published is None


def test_a_source_may_only_name_pages_of_its_own_host() -> None:
    text = "---\nurl: https://other.example/x\n---\nA pact was signed."
    assert read(text, MARKDOWN, "https://example.org/p.md").url == "https://example.org/p.md"
    assert read(text, MARKDOWN, "/a/p.md").url == "https://other.example/x"
    assert read("---\nurl: javascript:alert(1)\n---\nA pact was signed.", MARKDOWN).url is None


def test_lone_surrogates_do_not_reach_the_text() -> None:
    page = "<html><body><article><p>A pact &#xD800; was signed in Havana by both.</p></article></body></html>"
    read(page, HTML).text.encode()


HOSTILE = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
PIECES = st.sampled_from(
    [
        "---\n",
        "title: x\n",
        "date 2025-10-08 ",
        "By Ann Lee\n",
        "\n\n",
        "# H\n",
        "* a\n",
        "|a|b|\n|-|-|\n",
        "> q\n",
        "```\n",
        "<html>",
        "<p>",
        "</p>",
        "<h1>",
        "<article>",
        "<script type='application/ld+json'>",
        "</script>",
        '{"@type":',
        '"NewsArticle"}',
        "[[",
        "&#0;",
        "&#xD800;",
        "<meta charset=utf-7>",
        "<time datetime=x>",
        "<table><tr><td>",
        "A pact was signed. ",
        "\u202e",
        "\u2029",
        "\x00",
        "é",
        "[a](b)",
        "![i](j)",
        "<!--",
        "&amp;",
        "!!python/name:os ",
    ]
)


@HOSTILE
@given(data=st.binary(max_size=400), media=st.sampled_from([TEXT, MARKDOWN, HTML, PDF]))
def test_whatever_the_bytes_there_is_an_article_or_one_clear_line(data: bytes, media: str) -> None:
    check(data, media)


@HOSTILE
@given(pieces=st.lists(PIECES | st.text(max_size=20), max_size=25), media=st.sampled_from([TEXT, MARKDOWN, HTML]))
def test_whatever_the_markup_there_is_an_article_or_one_clear_line(pieces: list[str], media: str) -> None:
    check("".join(pieces).encode("utf-8", "surrogatepass"), media)


def check(data: bytes, media: str) -> None:
    try:
        article = read(data, media)
    except SourceError as error:
        lines = str(error).splitlines()
    else:
        lines = ["none"]
        check_article(article)
    assert len(lines) == 1


def check_article(article: Article) -> None:
    article.text.encode()
    assert article.text.strip()
    assert article.title
    assert len(article.title) <= 300
    assert not set(article.title + (article.byline or "")) & set("\n\r\u202e\x00\x1b")
    assert article.version.startswith("sha256:")
