"""Markdown to readable plain text, with what its YAML front matter says."""

import re
from collections.abc import Mapping, Sequence
from html import unescape
from typing import TYPE_CHECKING, Any

from ingest.article import normalise
from ingest.errors import SourceError
from ingest.metadata import Draft, clean_line, join_names, names_in, parse_date
from ingest.plain import read_plain, take_header

if TYPE_CHECKING:
    from markdown_it.tree import SyntaxTreeNode

MAX_FRONT_MATTER = 64_000

_FRONT_MATTER = re.compile(r"\A\ufeff?---[ \t]*\r?\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.S | re.M)
_KEY = re.compile(r"\s*(?:#[^\n]*\n\s*)*[\"']?\w[\w .-]{0,40}[\"']?\s*:(?:\s|\Z)")
_BREAK_TAG = re.compile(r"<br\s*/?>", re.I)
_UNSEEN = re.compile(r"<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1\s*>|\Z)", re.S | re.I)
_TAG = re.compile(r"</?[a-z][^<>]*>|<[!?][^<>]*>", re.I)


def read_markdown(text: str, name: str) -> Draft:
    """The article in a Markdown text.

    Args:
        text: the characters of the file.
        name: what to call the source in an error.

    Raises:
        SourceError: the file begins with front matter that is not valid YAML.
    """
    facts, body = _front_matter(text, name)
    heading, plain = _render(body)
    title = _text(facts, "title", "headline")
    if heading and title and clean_line(heading) != clean_line(title):
        plain = f"{heading}\n\n{plain}"
    draft = Draft(
        text=normalise(plain),
        title=title or heading,
        byline=join_names(name for key in ("author", "authors", "byline") for name in names_in(facts.get(key))),
        published=parse_date(_text(facts, "date", "published", "pubdate", "publishdate") or ""),
        language=_text(facts, "lang", "language"),
        url=_text(facts, "canonical", "canonical_url", "url", "link"),
    )
    return take_header(draft) if draft.title else _untitled(draft)


def _untitled(draft: Draft) -> Draft:
    """The draft with what the top of its plain text says, where the front matter did not say it."""
    found = read_plain(draft.text)
    return Draft(
        text=found.text,
        title=found.title,
        byline=draft.byline or found.byline,
        published=draft.published or found.published,
        language=draft.language,
        url=draft.url or found.url,
    )


def _front_matter(text: str, name: str) -> tuple[Mapping[str, Any], str]:
    """What the front matter says, keys in lower case, and the text after it.

    Dashes around anything but ``key: value`` lines are a rule of Markdown and stay text.
    """
    found = _FRONT_MATTER.match(text)
    if found is None or len(found.group(1)) > MAX_FRONT_MATTER or not _KEY.match(found.group(1)):
        return {}, text
    import yaml

    try:
        # BaseLoader builds nothing but strings, lists and mappings, so a title such as "No" stays what it is.
        facts = yaml.load(found.group(1), Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f" at line {mark.line + 2}" if mark else ""
        raise SourceError(f"{name}: the front matter is not valid YAML{where}; mend it or take it out") from error
    if not isinstance(facts, dict):
        return {}, text
    return {str(key).lower(): value for key, value in facts.items()}, text[found.end() :]


def _text(facts: Mapping[str, Any], *keys: str) -> str | None:
    for key in keys:
        value = facts.get(key)
        if isinstance(value, str) and value.strip():
            return value
    return None


def _render(markdown: str) -> tuple[str | None, str]:
    """The heading that the text begins with, if any, and the rest as plain paragraphs."""
    from markdown_it import MarkdownIt
    from markdown_it.tree import SyntaxTreeNode

    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    nodes = SyntaxTreeNode(parser.parse(markdown)).children
    heading = _block(nodes[0]) if nodes and nodes[0].type == "heading" else None
    return heading, _blocks(nodes[1:] if heading is not None else nodes)


def _blocks(nodes: Sequence["SyntaxTreeNode"], between: str = "\n\n") -> str:
    return between.join(text for node in nodes if (text := _block(node).rstrip().lstrip("\n")))


def _block(node: "SyntaxTreeNode") -> str:
    """One block as plain text. The parser nests no deeper than twenty levels, so neither does this."""
    if node.type in ("fence", "code_block"):
        return node.content
    if node.type == "html_block":
        return _without_tags(node.content)
    if node.type == "inline":
        return "".join(_inline(child) for child in node.children).strip()
    if node.type in ("bullet_list", "ordered_list"):
        return _list(node)
    if node.type == "tr":
        return " | ".join(_blocks(cell.children) for cell in node.children)
    if node.type in ("table", "thead", "tbody"):
        return _blocks(node.children, "\n")
    return _blocks(node.children)


def _list(node: "SyntaxTreeNode") -> str:
    """A list's items, each behind its mark; a blank line between them where the author left one."""
    first = int(node.attrs.get("start", 1))
    tight = all(child.hidden for item in node.children for child in item.children if child.type == "paragraph")
    items = []
    for number, item in enumerate(node.children, first):
        mark = f"{number}." if node.type == "ordered_list" else "-"
        items.append(f"{mark} {_blocks(item.children, chr(10) if tight else chr(10) * 2)}")
    return ("\n" if tight else "\n\n").join(items)


def _inline(node: "SyntaxTreeNode") -> str:
    """The words of emphasis, links and code without their marks; images and tags are not text."""
    if node.type in ("softbreak", "hardbreak"):
        return "\n"
    if node.type == "html_inline":
        return "\n" if _BREAK_TAG.fullmatch(node.content) else ""
    if node.type == "image":
        return ""
    return node.content if not node.children else "".join(_inline(child) for child in node.children)


def _without_tags(html: str) -> str:
    return unescape(_TAG.sub("", _BREAK_TAG.sub("\n", _UNSEEN.sub("", html))))
