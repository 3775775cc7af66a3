"""Deep links in a real browser: a page that was read as an article opens at the quote."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from bot.link import deep_link
from ingest.article import Span
from ingest.extract import extract
from ingest.load import HTML, Loaded
from tests.browser.driver import BROWSER, DRIVER, MISSING, Browser, browsing
from tests.ingest.newsstand import Served, Stand, opened

pytestmark = [pytest.mark.alone, pytest.mark.skipif(not (BROWSER and DRIVER), reason=MISSING)]

# So far apart that no two paragraphs can be seen together.
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Talks</title>
<style>article > * {{ margin: 1500px 0; font: 16px/20px serif }}</style><article>{}</article></html>"""

SEEN = """
const look = () => {
  const { top, bottom } = document.getElementById('quote').getBoundingClientRect();
  arguments[0]([scrollY > 0, top >= 0 && bottom <= innerHeight]);
};
requestAnimationFrame(() => requestAnimationFrame(look));
"""
"""Whether the page was scrolled, and so that the quote can be seen, once the browser has drawn it."""

BEFORE = "<p>Nobody in the capital would say on Monday what the two of them had talked about for so long.</p>"
AFTER = "<p>On Tuesday neither of the embassies had anything to add, and the ministry did not answer its phones.</p>"
PACT = "Cuba signed a pact with Russia."


class Case(NamedTuple):
    """A page, what is quoted of it, and which of the places that read the same is meant."""

    body: str
    quote: str
    nth: int = 0
    fragment: str = ""


def around(words: str, **case: Any) -> Case:
    """One paragraph between two others, or what is quoted of it."""
    return Case(f"{BEFORE}<p id=quote>{words}</p>{AFTER}", **{"quote": words} | case)


CASES = {
    "plain": around(PACT),
    "long": around(f"{PACT[:-1]} on Friday, said the ministry, which had denied it for weeks; others were less sure."),
    "the middle of a sentence": around(f"It said that {PACT[:-1]} on Friday.", quote="signed a pact with Russia"),
    "curly": around(
        "“Cuba’s at the top,” he said. Others did not agree at all.", quote="“Cuba’s at the top,” he said."
    ),
    "long and curly": around("“Cuba’s at the top of the list of sources,” he said – and ‘that’s that’."),
    "straight": around('"Cuba\'s at the top of the list," he said of it on Friday.'),
    "with a meaning in a fragment": around("The well-known, 20-year-old & 100% true story: #1 of 5 (five)."),
    "bold and linked": around(
        "The <b>pre</b>sident of <a href=x>Cuba</a> <em>signed</em>.", quote="The president of Cuba signed."
    ),
    "in capitals": Case(f"{BEFORE}<p id=quote style='text-transform:uppercase'>{PACT}</p>{AFTER}", PACT),
    "French": around("L’été dernier, « à Orléans », le préfet a nié l’accord\xa0: tout était faux."),
    "with loose accents": around(
        "Le pre\u0301fet a nie\u0301 l’accord hier soir.", quote="Le préfet a nié l’accord hier soir."
    ),
    "Russian": around("Президент подписал договор о дружбе в пятницу, сообщило министерство."),
    "Chinese": around(
        "俄羅斯國會週二批准了與古巴的協定。哈瓦那沒有發表評論，莫斯科也保持沉默，基輔則表示關注。",
        quote="哈瓦那沒有發表評論，莫斯科也保持沉默，基輔則表示關注。",
    ),
    "Japanese": around("政府は火曜日に条約を承認した。野党は強く反対している。", quote="野党は強く反対している。"),
    "Arabic": around(
        "وقعت كوبا اتفاقية مع روسيا يوم الجمعة. ولم يعلق أحد.", quote="وقعت كوبا اتفاقية مع روسيا يوم الجمعة."
    ),
    "two paragraphs": around(f"{PACT}</p><p>Peru did not.", quote=f"{PACT}\n\nPeru did not."),
    "three paragraphs": around(f"{PACT}</p>{AFTER}<p>Peru did not.", quote=f"{PACT}\n\n{AFTER[3:-4]}\n\nPeru did not."),
    "two lines": around("Roses are red, as they say.<br>Violets are blue, or so they say."),
    "the first of two": Case(f"{BEFORE}<p id=quote>At first: {PACT}</p>{AFTER}<p>At last: {PACT}</p>", PACT),
    "told by what is before": Case(f"{BEFORE}<p>{PACT}</p>{AFTER}<p id=quote>At last: {PACT}</p>", PACT, 1),
    "told by what is after": Case(f"{BEFORE}<p>{PACT}</p>{AFTER}<p id=quote>{PACT} So be it.</p>", PACT, 1),
    "told by the paragraph before": Case(f"{BEFORE}<p>{PACT}</p>{AFTER}<p id=quote>{PACT}</p>", PACT, 1),
    "told by nothing that holds": Case(
        f"<p id=quote>{PACT}</p>{BEFORE}<aside>Read on</aside><p>{PACT}</p><aside>More</aside>", PACT, 1
    ),
    "as the title says": Case(f"<h1>{PACT}</h1>{BEFORE}<p id=quote>It came out: {PACT}</p>{AFTER}", PACT),
    "in a list": Case(
        f"{BEFORE}<ul><li>The first point was bread.</li><li id=quote>The second was peace.</li></ul>{AFTER}",
        "- The second was peace.",
    ),
    "in a table": Case(
        f"{BEFORE}<table><tr><td>Country<td>Signed<tr><td id=quote>Cuba itself<td>on Friday</table>{AFTER}",
        "Cuba itself | on Friday",
    ),
    "on a page with a fragment": Case(
        f"{BEFORE}<p id=quote>{PACT}</p>{AFTER}<h2 id=more>More of it</h2>{AFTER}", PACT, fragment="#more"
    ),
}


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browsing(tmp_path_factory.mktemp("profile")) as window:
        yield window


@pytest.fixture(scope="module")
def stand() -> Iterator[Stand]:
    with opened() as site:
        yield site


def open_at(case: Case, stand: Stand, browser: Browser) -> list[bool]:
    page = PAGE.format(case.body).encode()
    url = f"{stand.address}/page"
    stand.paths["/page"] = Served(body=page, headers={"Content-Type": "text/html; charset=utf-8"})
    article = extract(Loaded(url, url, page, HTML, "utf-8"))
    quote = case.quote.replace("<br>", "\n")
    starts = [found.start() for found in re.finditer(re.escape(quote), article.text)]
    span = Span(starts[case.nth], starts[case.nth] + len(quote))
    link = deep_link(f"{url}{case.fragment}", article.text, span, article.title)
    assert link
    browser.open(link)
    seen: list[bool] = browser.run(SEEN)
    return seen


@pytest.mark.parametrize("name", CASES)
def test_the_page_opens_at_the_quote(name: str, stand: Stand, browser: Browser) -> None:
    assert open_at(CASES[name], stand, browser) == [True, True]


def test_a_page_that_says_something_else_opens_at_its_top(stand: Stand, browser: Browser) -> None:
    stand.paths["/page"] = Served(
        body=PAGE.format(f"{BEFORE}<p id=quote>{PACT}</p>").encode(), headers={"Content-Type": "text/html"}
    )
    browser.open(f"{stand.address}/page#:~:text=Peru%20signed")
    assert browser.run(SEEN) == [False, False]
