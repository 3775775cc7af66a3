"""What a web page says about its article in its markup: title, byline, date, language and address."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from html import unescape
from typing import Any
from urllib.parse import urljoin, urlsplit

from ingest.metadata import (
    Draft,
    clean_language,
    clean_line,
    is_web,
    join_names,
    names_in,
    parse_date,
    public_url,
)

MAX_JSON = 2_000_000
MAX_NODES = 2_000

_ARTICLE_TYPE = re.compile(r"(?:^|[/:])\w*(?:Article|BlogPosting|Report)$")
_DATE_META = (
    "article:published_time",
    "og:published_time",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "article.published",
    "publish-date",
    "publishdate",
    "publication_date",
    "pubdate",
    "dc.date.issued",
    "dcterms.issued",
    "dc.date",
    "dcterms.date",
    "citation_publication_date",
    "date",
)
_AUTHOR_META = (
    "author",
    "article:author",
    "authors",
    "parsely-author",
    "sailthru.author",
    "dc.creator",
    "byl",
)
_SEPARATOR = re.compile(r"\s+[|–—·•»:-]\s+|\s*\|\s*")
_LATER = re.compile(r"updat|modif|edit", re.I)
_APART = "ancestor::aside or ancestor::nav or ancestor::footer or ancestor::li"


def page_facts(tree: Any, source: str) -> Draft:
    """What a parsed page says about its article; the draft's text is left empty.

    Args:
        tree: the page's lxml element.
        source: where it came from; relative addresses are resolved against it if it is a URL.
    """
    meta = _meta(tree)
    news = _news(tree, meta)
    return Draft(
        text="",
        title=_title(tree, meta, news),
        byline=_byline(tree, meta, news),
        published=_published(tree, meta, news),
        language=clean_language(tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang"))
        or clean_language(_string(news.get("inLanguage"))),
        url=_address(tree, meta, news, source),
    )


def _meta(tree: Any) -> dict[str, list[str]]:
    """The page's ``<meta>`` values by lower-case name, in order."""
    found: dict[str, list[str]] = {}
    for tag in tree.iter("meta"):
        value = clean_line(tag.get("content") or "", 2_000)
        for key in {(tag.get(attribute) or "").strip().lower() for attribute in ("name", "property", "itemprop")}:
            if key and value:
                found.setdefault(key, []).append(value)
    return found


def _first(meta: Mapping[str, list[str]], *names: str) -> str | None:
    return next((meta[name][0] for name in names if name in meta), None)


def _string(value: Any) -> str | None:
    return value if isinstance(value, str) and value.strip() else None


def _news(tree: Any, meta: Mapping[str, list[str]]) -> Mapping[str, Any]:
    """The JSON-LD node of this page's article, or an empty one. Teasers of other articles are not it."""
    nodes = [node for data in _json_ld(tree) for node in _top_nodes(data)]
    by_id = {str(node["@id"]): node for node in nodes if "@id" in node and len(node) > 1}
    articles = [node for node in nodes if any(_ARTICLE_TYPE.search(t) for t in names_in(node.get("@type")))]
    titles = {_key(t) for t in (_heading(tree), _first(meta, "og:title"), tree.findtext(".//title")) if t}
    ours = [node for node in articles if _key(_string(node.get("headline")) or "") in titles]
    if not ours and len(articles) != 1:
        return {}
    news = dict((ours or articles)[0])
    authors = news.get("author")
    people = authors if isinstance(authors, list) else [authors]
    news["author"] = [by_id.get(str(p.get("@id")), p) if isinstance(p, dict) else p for p in people]
    return news


def _key(title: str) -> str:
    return clean_line(unescape(title)).casefold()


def _json_ld(tree: Any) -> Iterator[Any]:
    for script in tree.iterfind(".//script"):
        text = (script.text or "").strip()
        if (script.get("type") or "").split(";")[0].strip().lower() != "application/ld+json" or len(text) > MAX_JSON:
            continue
        text = re.sub(r"^(?:<!--|/?\*?\s*<!\[CDATA\[\s*\*?/?)|(?:-->|/?\*?\s*\]\]>\s*\*?/?)$", "", text).strip(" \n\t;")
        try:
            yield json.loads(text, strict=False)
        except (ValueError, RecursionError):
            continue


def _top_nodes(data: Any) -> list[dict[str, Any]]:
    """The nodes of a JSON-LD document: itself, the items of a list, of ``@graph``, and of ``mainEntity``."""
    nodes: list[dict[str, Any]] = []
    pending = [data]
    while pending and len(nodes) < MAX_NODES:
        item = pending.pop(0)
        if isinstance(item, list):
            pending[:0] = item[:MAX_NODES]
        elif isinstance(item, dict):
            nodes.append(item)
            pending[:0] = [item[key] for key in ("@graph", "mainEntity") if isinstance(item.get(key), list | dict)]
    return nodes


def _heading(tree: Any) -> str | None:
    """The text of the page's one headline; with several ``<h1>`` it is not clear which that is."""
    headings = tree.xpath(f".//h1[not({_APART})]")
    inside = [h for h in headings if next(h.iterancestors("article", "main"), None) is not None]
    headings = inside or headings
    text = clean_line(" ".join(headings[0].itertext())) if len(headings) == 1 else ""
    return text or None


def _title(tree: Any, meta: Mapping[str, list[str]], news: Mapping[str, Any]) -> str | None:
    """The headline, without the name of the site behind it."""
    heading = _heading(tree)
    headline = unescape(_string(news.get("headline")) or "")  # many a site escapes it as if JSON-LD were HTML
    told = clean_line(headline or _first(meta, "og:title", "twitter:title", "headline") or "")
    if told:
        told = _without_site(told, heading, meta)
        # A headline that is cut short for machines is whole on the page.
        whole = heading and heading.casefold().startswith(told.rstrip("….").casefold())
        return heading if whole else told
    shown = clean_line(tree.findtext(".//title") or "")
    return heading or (_without_site(shown, None, meta) if shown else None)


def _without_site(title: str, heading: str | None, meta: Mapping[str, list[str]]) -> str:
    """``Headline | Site`` as ``Headline``, where heading, site name or bar show where it ends."""
    if heading and title.startswith(heading) and _SEPARATOR.match(title, len(heading)):
        return heading
    cuts = list(_SEPARATOR.finditer(title))
    if not cuts:
        return title
    head, mark, tail = title[: cuts[-1].start()], cuts[-1].group().strip(), title[cuts[-1].end() :]
    site = (_first(meta, "og:site_name", "application-name") or "").casefold()
    named = bool(site) and (tail.casefold() == site or tail.casefold() in site)
    return head if named or (mark == "|" and len(head.split()) >= 3 and len(head) > len(tail)) else title


def _byline(tree: Any, meta: Mapping[str, list[str]], news: Mapping[str, Any]) -> str | None:
    """The authors by JSON-LD, by ``<meta>``, or by a link or item that is marked as the author."""
    told = join_names(map(unescape, names_in(news.get("author"))))
    for key in _AUTHOR_META:
        told = told or join_names(meta.get(key, []))
    if told:
        return told
    marked = tree.xpath(f".//*[@rel='author' or @itemprop='author'][not({_APART}) and not(self::meta)]")
    return join_names(clean_line(" ".join(tag.itertext()), 80) for tag in marked[:6])


def _published(tree: Any, meta: Mapping[str, list[str]], news: Mapping[str, Any]) -> date | None:
    """The day by JSON-LD, by ``<meta>``, or by the ``<time>`` at the headline; nothing else says it."""
    claims = [
        _string(news.get("datePublished")),
        *(value for key in _DATE_META for value in meta.get(key, [])),
    ]
    for claim in claims:
        if claim and (day := parse_date(claim)):
            return day
    return _time_at_headline(tree)


def _time_at_headline(tree: Any) -> date | None:
    """The first ``<time datetime>`` in the smallest part of the page that holds both it and the headline."""
    headings = tree.xpath(f".//h1[not({_APART})]")
    if len(headings) != 1:
        return None
    for part in headings[0].iterancestors():
        if part.tag in ("body", "html"):
            return None
        for tag in part.xpath(f".//time[@datetime][not({_APART})]"):
            marks = " ".join((tag.get("class") or "", tag.get("itemprop") or "", (tag.getparent().get("class") or "")))
            if not _LATER.search(marks):
                return parse_date(tag.get("datetime"))
        if part.tag in ("article", "main"):
            return None
    return None


def _address(tree: Any, meta: Mapping[str, list[str]], news: Mapping[str, Any], source: str) -> str | None:
    """The page's canonical address; the front page of a site is no article's."""
    links = [tag.get("href") for tag in tree.iter("link") if "canonical" in (tag.get("rel") or "").lower().split()]
    entity = news.get("mainEntityOfPage")
    entity = entity.get("@id") if isinstance(entity, dict) else entity
    for claim in (*links, _first(meta, "og:url"), _string(entity), _string(news.get("url"))):
        try:
            address = urljoin(source, claim.strip()) if claim and is_web(source) else claim
            url = public_url(address or "")
        except ValueError:
            continue
        if url and urlsplit(url).path.strip("/"):
            return url
    return None
