"""Small facts, cleaned and never guessed."""

from datetime import date

import pytest

from ingest.metadata import (
    clean_language,
    clean_line,
    date_in_url,
    join_names,
    names_in,
    page_url,
    parse_date,
    public_url,
    title_from,
)

DAY = date(2025, 10, 8)


@pytest.mark.parametrize(
    "text",
    [
        "2025-10-08",
        "2025-10-08T23:59:59-07:00",
        "2025-10-08 23:30",
        "2025/10/08",
        "20251008",
        "20251008T120000Z",
        "8 October 2025",
        "October 8, 2025",
        "Oct. 8th, 2025",
        "Wed, 08 Oct 2025 23:12:00 GMT",
        "8. Oktober 2025",
        "Oct 8, 2025 at 11:04 pm ET",
        "le 8 octobre 2025",
        "8 октября 2025 г.",
        "2025年10月8日",
    ],
)
def test_a_date_is_the_day_as_it_was_printed(text: str) -> None:
    assert parse_date(text) == DAY


@pytest.mark.parametrize(
    "text",
    [
        "",
        "03/04/2025",
        "10-08-2025",
        "October 2025",
        "2025",
        "yesterday",
        "two days ago",
        "8 October",
        "2025-02-30",
        "2025-10-08 was a Wednesday",
        "1759881600",
        "12 monkeys 2025",
        "8 October 2025 to 9 October 2025",
        "x" * 500,
    ],
)
def test_anything_less_is_no_date(text: str) -> None:
    assert parse_date(text) is None


def test_dates_in_addresses() -> None:
    assert date_in_url("https://example.org/2025/10/08/pact") == DAY
    assert date_in_url("https://example.org/world/2025/oct/08/pact") == DAY
    assert date_in_url("https://example.org/news-2025-10-08") is None
    assert date_in_url("https://example.org/2025/13/08/pact") is None
    assert date_in_url("https://example.org/?d=/2025/10/08/") is None
    assert date_in_url("/home/2025/10/08/pact.txt") is None


def test_a_made_title_is_the_first_sentence() -> None:
    assert title_from("Cuba signed. Russia did too.") == "Cuba signed."
    assert title_from("HAVANA, Oct 8 (Wire) - Cuba signed. More.") == "Cuba signed."
    assert (
        title_from("Gen. J. Smith met Dr. Lee in the U.S. on Friday. More.")
        == "Gen. J. Smith met Dr. Lee in the U.S. on Friday."
    )
    assert title_from("“We signed,” he said.\n\nMore.") == "“We signed,” he said."
    assert title_from("Cathy Payne\n\nUSA TODAY\n\nTables are laden with food. More.") == "Tables are laden with food."
    long = title_from("word " * 40)
    assert len(long) <= 90
    assert long.endswith("word…")
    assert title_from("x" * 200) == "x" * 89 + "…"


def test_one_safe_line() -> None:
    assert clean_line(" a\u202e\nb\x00c\ud800 \u2066d\u200b ") == "a b c d"
    assert clean_line("Cafe\u0301") == "Café"
    assert clean_line("می\u200cخواهم") == "می\u200cخواهم"


def test_names() -> None:
    assert (
        join_names(["Ann Lee", "ann lee", "By Bob Ray", "https://x.org/carl", "@dora", "Eve Fox"])
        == "Ann Lee, Bob Ray and Eve Fox"
    )
    assert join_names([]) is None
    assert names_in([{"name": "Ann"}, "Bob", {"url": "x"}, 3, None, {"name": ["Cy"]}]) == ["Ann", "Bob", "Cy"]


def test_addresses() -> None:
    assert public_url("HTTPS://user:pw@Example.org:8443/a?b=c#d") == "https://example.org:8443/a?b=c"
    for bad in (
        "javascript:alert(1)",
        "ftp://x/y",
        "http://",
        "http://a b/",
        "http://[::1",
        "//x/y",
        "http://x:99999999/",
    ):
        assert public_url(bad) is None
    assert page_url("https://www.example.org/a", "https://example.org/a?utm=1") == "https://www.example.org/a"
    assert page_url("https://evil.org/a", "https://example.org/a") == "https://example.org/a"
    assert page_url("https://example.org/a", "/tmp/a.html") == "https://example.org/a"
    assert page_url(None, "-") is None


def test_languages() -> None:
    assert [clean_language(tag) for tag in ("en", "pt_BR", "zh-Hant-TW", "", None, "<x>", "english language")] == [
        "en",
        "pt-BR",
        "zh-Hant-TW",
        None,
        None,
        None,
        None,
    ]
