"""Bytes to an Article: the one door to the readers of text, Markdown, HTML and PDF."""

from dataclasses import replace

from ingest.article import Article, normalise
from ingest.errors import SourceError
from ingest.load import HTML, MARKDOWN, PDF, Loaded
from ingest.metadata import Draft, clean_language, clean_line, date_in_url, page_url, title_from

NOTHING = Draft("")


def extract(loaded: Loaded, otherwise: Draft = NOTHING) -> Article:
    """Read one loaded source as an article. What neither the source nor ``otherwise`` says is None in it.

    Args:
        loaded: the bytes, what they are, and where they came from.
        otherwise: the title and the date for a source that has none, from whoever led to it.

    Raises:
        SourceError: there is no article text in them; the message is one line that names the source.
    """
    try:
        draft = _read(loaded)
    except SourceError:
        raise
    except Exception as error:
        # Parsers meet bytes that a stranger made; whatever they raise is one source that failed, not the run.
        kind = loaded.media.partition("/")[2]
        raise SourceError(f"{loaded.name}: cannot be read as {kind} ({type(error).__name__})") from error
    return _finish(draft, loaded, otherwise)


def _read(loaded: Loaded) -> Draft:
    if loaded.media == PDF:
        from ingest.pdf import read_pdf

        return read_pdf(loaded.data, loaded.name)
    if loaded.media == HTML:
        from ingest.decode import decode_html
        from ingest.html import read_html

        return read_html(decode_html(loaded.data, loaded.name, loaded.charset), loaded.name, loaded.source)
    from ingest.decode import decode_text

    text = decode_text(loaded.data, loaded.name, loaded.charset)
    if loaded.media == MARKDOWN:
        from ingest.markdown import read_markdown

        return read_markdown(text, loaded.name)
    from ingest.plain import read_plain

    return read_plain(text)


def _finish(draft: Draft, loaded: Loaded, otherwise: Draft) -> Article:
    """The article of a draft: everything cleaned, a title made where none was found."""
    text = normalise(_whole(draft.text))
    if not any(c.isalnum() for c in text):
        raise SourceError(f"{loaded.name}: there is no text in it")
    draft = replace(draft, published=draft.published or date_in_url(loaded.source) or otherwise.published)
    return Article(
        text=text,
        title=clean_line(draft.title or "") or clean_line(otherwise.title or "") or title_from(text),
        source=loaded.source,
        byline=clean_line(draft.byline or "") or None,
        published=draft.published,
        language=clean_language(draft.language),
        url=page_url(draft.url, loaded.source),
    )


def _whole(text: str) -> str:
    """The text with surrogate pairs joined and lone halves replaced, so that it can be written as UTF-8."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
