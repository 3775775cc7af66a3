"""Web pages as newsrooms make them: the article, and what the page says about it."""

import json
from datetime import date
from typing import Any

import pytest

from ingest.article import Article
from ingest.errors import SourceError
from ingest.extract import extract
from ingest.load import HTML, Loaded

NEWS = {
    "@context": "https://schema.org",
    "@type": "NewsArticle",
    "headline": "Harbour bridge reopens",
    "datePublished": "2024-05-14T23:30:00-07:00",
    "dateModified": "2024-06-01",
    "author": [{"@type": "Person", "name": "Mara Ilves"}, {"@type": "Person", "name": "Tom Okafor"}],
    "mainEntityOfPage": {"@id": "https://ledger.example/news/bridge"},
}
BODY = """
<p>The harbour bridge reopened to traffic on Tuesday, <strong>two years</strong> after engineers found
   cracks in its <a href="/x">main span</a>, the port authority said.</p>
<p>The repair cost &pound;41&nbsp;million, a third more than planned, director Ines Faro said.</p>
<h2>What was done</h2>
<p>Crews replaced:</p>
<ul><li>forty-two steel hangers on the eastern side</li><li>the rusted deck joints</li></ul>
<blockquote><p>&ldquo;We could have patched it,&rdquo; Faro told reporters.</p></blockquote>
<p>Lorries remain banned until July.<br>Buses may use both lanes.</p>
<table><tr><th>Year</th><th>Vehicles a day</th></tr><tr><td>2021</td><td>31,000</td></tr></table>
<p>The council will publish traffic figures each month, it said.</p>"""


def page(head: str = "", body: str = BODY, news: Any = None, h1: str = "<h1>Harbour bridge reopens</h1>") -> str:
    ld = f'<script type="application/ld+json">{json.dumps(news)}</script>' if news is not None else ""
    return f"""<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8">{head}{ld}</head><body>
    <div class="cookie-consent"><p>We use cookies to improve your experience. Accept them all?</p></div>
    <nav><ul><li><a href="/">Home</a></li><li><time datetime="2026-01-01">Today</time></li></ul></nav>
    <main><article><header>{h1}</header>
    <figure><img src="b.jpg"><figcaption>The bridge. Photograph: A. Person</figcaption></figure>
    {body}
    <aside class="related"><h3>Related</h3><ul><li><a href="/a">Ferry fares rise again</a></li></ul></aside>
    </article></main><script>var tracking = "never shown";</script>
    <footer><p>Copyright 2026 The Coast Ledger. All rights reserved.</p></footer></body></html>"""


def read(html: str, source: str = "/a/bridge.html") -> Article:
    return extract(Loaded("bridge", source, html.encode(), HTML))


def test_the_text_is_the_article_and_nothing_else() -> None:
    assert read(page(news=NEWS)).text == (
        "The harbour bridge reopened to traffic on Tuesday, two years after engineers found cracks in its "
        "main span, the port authority said.\n\n"
        "The repair cost £41 million, a third more than planned, director Ines Faro said.\n\n"
        "What was done\n\n"
        "Crews replaced:\n\n"
        "- forty-two steel hangers on the eastern side\n- the rusted deck joints\n\n"
        "“We could have patched it,” Faro told reporters.\n\n"
        "Lorries remain banned until July.\nBuses may use both lanes.\n\n"
        "Year | Vehicles a day\n2021 | 31,000\n\n"
        "The council will publish traffic figures each month, it said."
    )


def test_json_ld_says_it_all() -> None:
    article = read(page(news=NEWS))
    assert (article.title, article.byline) == ("Harbour bridge reopens", "Mara Ilves and Tom Okafor")
    assert (article.published, article.language) == (date(2024, 5, 14), "en-GB")
    assert article.url == "https://ledger.example/news/bridge"


@pytest.mark.parametrize(
    ("author", "byline"),
    [
        ("Mara Ilves", "Mara Ilves"),
        ({"name": "By Mara Ilves", "url": "https://x"}, "Mara Ilves"),
        (["Mara Ilves", {"name": "Tom Okafor"}, "Ann Lee"], "Mara Ilves, Tom Okafor and Ann Lee"),
        ({"@id": "#mara"}, "Mara Ilves"),
        ("https://ledger.example/staff/mara", None),
        ([], None),
        (7, None),
    ],
)
def test_authors_in_json_ld(author: Any, byline: str | None) -> None:
    graph = {"@graph": [NEWS | {"author": author}, {"@id": "#mara", "@type": "Person", "name": "Mara Ilves"}]}
    assert read(page(news=graph)).byline == byline


def test_json_ld_may_be_escaped_as_if_it_were_html() -> None:
    news = NEWS | {"headline": "Dam opens &amp; closes", "author": {"name": "Se&aacute;n O&#39;Hara"}}
    article = read(page(news=news, h1="<h1>Dam opens &amp; closes</h1>"))
    assert (article.title, article.byline) == ("Dam opens & closes", "Seán O'Hara")


def test_teasers_of_other_articles_in_json_ld_are_not_this_one() -> None:
    teasers = [NEWS | {"headline": f"Other story {n}"} for n in range(2)]
    article = read(page(news=teasers))
    assert (article.title, article.published, article.byline) == ("Harbour bridge reopens", None, None)


@pytest.mark.parametrize(
    "broken", ["{", "[" * 5000, "null", '{"@type": 3}', '{"@type": "NewsArticle", "author": {"name": {}}}']
)
def test_broken_json_ld_is_passed_over(broken: str) -> None:
    html = page().replace("</head>", f'<script type="application/ld+json">{broken}</script></head>')
    assert read(html).title == "Harbour bridge reopens"


def test_meta_tags() -> None:
    head = """<meta property="og:title" content="Harbour bridge reopens - The Coast Ledger">
    <meta property="og:site_name" content="The Coast Ledger"><meta property="og:url" content="https://ledger.example/b">
    <meta property="article:published_time" content="2024-05-14"><meta name="author" content="Mara Ilves">
    <meta property="article:author" content="https://facebook.example/mara">"""
    article = read(page(head, h1=""))
    assert (article.title, article.byline) == ("Harbour bridge reopens", "Mara Ilves")
    assert (article.published, article.url) == (date(2024, 5, 14), "https://ledger.example/b")


@pytest.mark.parametrize(
    ("shown", "title"),
    [
        ("Harbour bridge reopens | The Coast Ledger", "Harbour bridge reopens"),
        ("Harbour bridge: why it reopens", "Harbour bridge: why it reopens"),
        ("Rain - and more of it", "Rain - and more of it"),
        ("Harbour &amp; bridge", "Harbour & bridge"),
    ],
)
def test_the_title_of_the_window_without_the_site(shown: str, title: str) -> None:
    assert read(page(f"<title>{shown}</title>", h1="")).title == title


def test_the_time_beside_the_headline_is_the_date() -> None:
    for tags in (
        '<time datetime="2024-05-14T08:00Z">x</time>',
        '<time class="updated" datetime="2025-01-01">y</time><time datetime="2024-05-14">x</time>',
    ):
        assert read(page(h1=f"<h1>Harbour bridge reopens</h1><div>{tags}</div>")).published == date(2024, 5, 14)


def test_no_other_date_of_a_page_is_taken() -> None:
    body = BODY + "<p>It had been closed on 3 March 2022, after a report of 2 March 2022 was read.</p>"
    assert read(page("<meta name='date' content='03/04/2024'>", body)).published is None


def test_byline_and_date_lines_leave_the_text_and_are_kept() -> None:
    article = read(page(body=f"<p>By Mara Ilves</p><p>14 May 2024</p>{BODY}"))
    assert (article.byline, article.published) == ("Mara Ilves", date(2024, 5, 14))
    assert article.text.startswith("The harbour bridge reopened")


@pytest.mark.parametrize(
    ("link", "source", "url"),
    [
        ("https://ledger.example/b", "/a/b.html", "https://ledger.example/b"),
        ("/b", "https://www.ledger.example/b?utm=1", "https://www.ledger.example/b"),
        ("https://evil.example/b", "https://ledger.example/b?id=1", "https://ledger.example/b?id=1"),
        ("https://ledger.example/", "https://ledger.example/b", "https://ledger.example/b"),
        ("javascript:alert(1)", "/a/b.html", None),
        ("/b", "/a/b.html", None),
        ("http://[bad", "https://ledger.example/b", "https://ledger.example/b"),
    ],
)
def test_the_address_that_a_reader_can_open(link: str, source: str, url: str | None) -> None:
    assert read(page(f'<link rel="canonical" href="{link}">'), source).url == url


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<div id=root></div><noscript>You need to enable JavaScript to run this app.</noscript>",
        "<nav><a href=/>Home</a></nav><div><a href=/q>Ferry fares rise again</a></div><footer>(c)</footer>",
        "<form><label>Name</label><input name=a><button>Sign in</button></form>",
        "<script>var text = 'A long text that is none. It is code.'</script>",
    ],
)
def test_a_page_without_an_article_is_one_clear_line(body: str) -> None:
    with pytest.raises(SourceError, match=r"^bridge: no article text found"):
        read(f"<html><head><title>x</title></head><body>{body}</body></html>")


def test_a_short_article_is_an_article() -> None:
    html = "<html><body><nav><a href=/>Home</a></nav><article><h1>A</h1><p>It was signed.</p><p>It is new.</p>"
    assert read(html).text == "It was signed.\n\nIt is new."
    assert read("<html><body><div>Cuba signed on Tuesday.<br><br>Russia did so too.</div>").text == (
        "Cuba signed on Tuesday.\n\nRussia did so too."
    )
