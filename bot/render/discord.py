"""An answer for Discord: messages in which nothing from an article or a question can act.

What is shown comes from outside and is escaped. The markdown around it is ours, and so are the links, which come
from what the store knows of an article.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from bot.answer import REFUSAL, Answer, Citation
from bot.link import LONGEST, outlet, web_address
from bot.render.cited import CORRECTED, Piece, by_article, day, numbered, passages, place, speakers, when
from bot.render.escaping import choice, escape
from bot.render.pages import LIMIT, Block, Word, pages, words
from bot.verify import TextOf
from ingest.article import Article
from ingest.stored import StoredArticle

if TYPE_CHECKING:
    from bot.check import Checked

PAGES = 5
"""Messages that one answer takes at most: more would push everything else out of a channel."""

_TITLE = 120  # characters of a title or a name: escaped and with its link it fits in half a message
_NOTE = 300

# -- an answer


def answer_pages(answer: Answer, limit: int = LIMIT, above: Sequence[Block] = (), most: int = PAGES) -> tuple[str, ...]:
    """An answer as messages: its statements, then its sources numbered the same, each once, then its notes.

    A refusal shows nothing of the nearest passages. What ``most`` messages have no room for is left out, from the
    end of the statements or of the sources, and a line says how much. ``above`` stands before an answer.
    ``limit`` is the units of UTF-16 that a message may have, from 1,000.
    """
    notes = [(Word(f"-# {escape(choice(note, _NOTE))}", "\n"),) for note in answer.notes]
    if not answer.answered:
        return tuple(pages([words(escape(REFUSAL)), *notes], limit))
    blanks = ["\n\n", *["\n"] * len(answer.citations)]
    groups = zip(by_article(answer.citations), blanks, strict=False)
    cited = [[*_source(citations, blank, numbers=True), *_when(citations)] for citations, blank in groups]
    end = _fit(cited, _End(notes, max(most - 1, 1), limit, lambda left: _count(len(left), "source")))
    gaps = ["\n\n" if above else " ", *[" "] * len(answer.statements)]
    said = [words(escape(s.text), gap, numbers=s.citations) for s, gap in zip(answer.statements, gaps, strict=False)]
    return _cut([*above, *said], end, limit, most)


class _End(NamedTuple):
    """What comes after some blocks, and how many pages there are for them all."""

    blocks: Sequence[Block]
    most: int
    limit: int
    says: Callable[[Sequence[Block]], str]

    def takes(self, blocks: Sequence[Block]) -> bool:
        return len([*islice(pages([*blocks, *self.blocks], self.limit), self.most + 1)]) <= self.most

    def after(self, blocks: Sequence[Block], kept: int) -> list[Block]:
        line = Word(f"-# Too long for Discord: {self.says(blocks[kept:])} left out here.", "\n")
        return [*blocks[:kept], (line,)]


def _fit(blocks: Sequence[Block], end: _End) -> Sequence[Block]:
    """As many of the blocks as fit before the end, a line that says what is left out, and the end."""
    if end.takes(blocks):
        return [*blocks, *end.blocks]
    fewer = range(1, min(len(blocks), end.most * end.limit))
    kept = bisect_left(fewer, True, key=lambda kept: not end.takes(end.after(blocks, kept)))
    return [*end.after(blocks, kept), *end.blocks]


def _cut(blocks: Sequence[Block], end: Sequence[Block], limit: int, most: int = PAGES) -> tuple[str, ...]:
    """The blocks and the end as so many messages at most; a line says how many characters are left out."""
    whole = _End(end, most, limit, lambda left: _count(sum(len(b[0].text) + 1 for b in left), "character"))
    fitting = [*blocks, *end] if whole.takes(blocks) else _fit([(word,) for block in blocks for word in block], whole)
    return tuple(pages(fitting, limit))


def _count(n: int, what: str) -> str:
    return f"1 {what} is" if n == 1 else f"{n:,} {what}s are"


def _source(citations: Sequence[Citation], blank: str, *, numbers: bool) -> list[Word]:
    """An article as a line. Where its quotes open at different places, the numbers are the links to them."""
    first = citations[0]
    page = _linkable(first.url)
    links = [_linkable(citation.link) or page for citation in citations]
    if len(set(links)) == 1:
        named = _title(first.title, links[0])
        line = [Word(f"{numbered(c.n for c in citations)} {named}" if numbers else named, blank)]
    else:
        shown = [f"[[{c.n}]](<{link}>)" if link else f"[{c.n}]" for c, link in zip(citations, links, strict=True)]
        line = [Word(number, "") for number in shown] if numbers else []
        line.append(Word(_title(first.title, page)))
        line[0] = line[0]._replace(blank=blank)
    about = [*_outlet(first.url), *([day(first.published)] if first.published else [])]
    line += [Word(f"— {', '.join(about)}")] if about else []
    return [*line, *(_speakers(citations) if numbers else ()), *_notice(first)]


def _speakers(citations: Sequence[Citation]) -> list[Word]:
    return [Word(f"-# {escape(choice(said, _NOTE))}", "\n") for said in speakers(citations)]


def _notice(citation: Citation) -> list[Word]:
    """That the article was corrected, in small letters on a line of its own."""
    said = citation.correction
    return [Word(f"-# {CORRECTED} {escape(choice(said.quote, _NOTE))}", "\n")] if said else []


def _when(citations: Sequence[Citation]) -> list[Word]:
    """The times that the quotes name, on a line of their own, or nothing."""
    told = when(citations)
    return [Word("-# When:", "\n"), *words(escape(told))] if told else []


def _linkable(url: str | None) -> str | None:
    address = web_address(url) if url else None
    return address if address and len(address) <= LONGEST else None


def _title(title: str, link: str | None) -> str:
    """A title, with its link if there is one. Brackets in it would end the link's text."""
    shown = escape(choice(title.replace("[", "(").replace("]", ")"), _TITLE))
    return f"[{shown}](<{link}>)" if link else shown


def _outlet(url: str | None) -> list[str]:
    host = outlet(url) if url else None
    return [escape(choice(host, _TITLE))] if host else []


# -- its passages


def passage_pages(answer: Answer, text_of: TextOf, limit: int = LIMIT) -> tuple[str, ...]:
    """The cited passages as messages, each once below its article, the quotes bold, with numbers where there are more.

    What `PAGES` messages have no room for is left out, and a line says how much.

    Args:
        answer: an answer.
        text_of: the text that its citations point into.
        limit: units of UTF-16 that a message may have, from 1,000.
    """
    return _cut([*_below_articles(answer, text_of, marked=True)], (), limit)


def nearest_pages(answer: Answer, text_of: TextOf, limit: int = LIMIT) -> tuple[str, ...]:
    """The passages nearest to a question that was refused, as messages; none where nothing was near.

    Nothing stands out in them, for nothing there is an answer.
    """
    if not answer.citations:
        return ()
    offer = Word("Nearest passage:" if len(answer.citations) == 1 else "Nearest passages:")
    return _cut([(offer,), *_below_articles(answer, text_of, marked=False)], (), limit)


def _below_articles(answer: Answer, text_of: TextOf, *, marked: bool) -> Iterator[Block]:
    for citations in by_article(answer.citations):
        above = [*_source(citations, "\n\n", numbers=marked), *(_when(citations) if marked else [])]
        for pieces in passages(citations, text_of(citations[0].article_id, citations[0].version)):
            yield [*above, *_passage(pieces, marked=marked, numbers=marked and len(citations) > 1)]
            above = []


def _passage(pieces: Sequence[Piece], *, marked: bool, numbers: bool) -> Iterator[Word]:
    blank = "\n"
    for piece in pieces:
        text = escape(piece.text)
        blank = blank or (" " if text.startswith(" ") else "")
        if not text.strip():
            continue
        bold = piece.quoted and marked
        yield from words(text, blank, bold=bold, numbers=piece.numbers if numbers else ())
        blank = " " if text.endswith(" ") else ""


# -- what was checked

_VERDICTS = {
    "supported": "✅ **The articles say so:**",
    "contradicted": "❌ **The articles say otherwise:**",
    "not found": "❔ **The articles do not say:**",
}


def check_pages(checked: "Sequence[Checked]", limit: int = LIMIT) -> tuple[str, ...]:
    """Sentences that were checked, as messages: each with its verdict, and the quotes that it stands on.

    Where `PAGES` messages have no room for all of it, the passages that are merely near are left out first.

    Args:
        checked: the sentences, in order.
        limit: units of UTF-16 that a message may have, from 1,000.
    """
    whole = [block for each in checked for block in _checked(each, nearest=True)]
    if len([*islice(pages(whole, limit), PAGES + 1)]) <= PAGES:
        return tuple(pages(whole, limit))
    left_out = (Word("-# Too long for Discord: the nearest passages are left out here.", "\n\n"),)
    return _cut([block for each in checked for block in _checked(each, nearest=False)], (left_out,), limit)


def _checked(checked: "Checked", *, nearest: bool) -> Iterator[Block]:
    yield [Word(_VERDICTS[checked.verdict], "\n\n"), *words(escape(checked.sentence))]
    if checked.reason:
        yield words(escape(checked.reason), "\n")
    found = checked.verdict != "not found"
    for citation in checked.citations if found or nearest else ():
        lead = "Quote:" if found else "Nearest:"
        below = [*_speakers([citation]), *_when([citation])] if found else []
        source = [*_source([citation], "\n", numbers=False), *below]
        yield [Word(lead, "\n"), *words(escape(citation.quote)), *source]


# -- the articles


def source_pages(articles: Sequence[StoredArticle], limit: int = LIMIT, per_page: int = 10) -> tuple[str, ...]:
    """The articles as messages, a line each with its date, title, link and outlet; at least one message.

    Args:
        articles: the articles, in the order in which they are shown.
        limit: units of UTF-16 that a message may have, from 1,000.
        per_page: articles on a page, where they fit.
    """
    if not articles:
        return ("There are no articles here yet.",)
    lines = [(Word(article_line(article), "\n"),) for article in articles]
    return tuple(page for at in range(0, len(lines), per_page) for page in pages(lines[at : at + per_page], limit))


def article_line(article: Article | StoredArticle) -> str:
    """An article in a line: its date, its title with the link to its page, and whose page that is."""
    dated = f"{day(article.published)} · " if article.published else ""
    host = "".join(f" — {host}" for host in _outlet(article.url))
    return f"{dated}{_title(article.title, _linkable(article.url))}{host}"


def line_pages(lines: Iterable[str], limit: int = LIMIT) -> tuple[str, ...]:
    """Lines of ours as messages, each line whole. What `PAGES` have no room for is left out, and a line says so."""
    return _cut([(Word(line, "\n"),) for line in lines], (), limit)


def article_page(article: StoredArticle) -> str:
    """All that is known of an article, in one message."""
    url = _linkable(article.url)
    facts = {
        "By": escape(choice(article.byline, _TITLE)) if article.byline else None,
        "Date": day(article.published) if article.published else None,
        "Outlet": "".join(_outlet(article.url)),
        "Page": f"<{url}>" if url else None,
        "File": None if article.url else escape(choice(place(article.source, None), _TITLE)),
        "Language": escape(choice(article.language)) if article.language else None,
        "Passages": f"{article.passages:,}, {article.characters:,} characters",
        "Versions": f"{len(article.versions):,}, the current one read on {day(article.versions[-1].ingested)}",
    }
    return "\n".join(
        [f"**{_title(article.title, None)}**", *(f"{name}: {fact}" for name, fact in facts.items() if fact)]
    )
