"""Bytes to characters, where it is clear how: a mark, a declaration, UTF-8, or strong evidence."""

import codecs
import re

from ingest.errors import SourceError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# A charset is named by a stranger, and Python's codecs include some that are no encodings of text at all.
_KNOWN = re.compile(
    r"(?:us-?)?ascii|utf-?(?:8|16|16le|16be|16-le|16-be|32)|(?:x-)?mac-?(?:roman|cyrillic|intosh)|koi8-[ru]|"
    r"iso[-_]?8859-?\d{1,2}|latin-?\d|l1|(?:windows|cp|x-cp)-?(?:125\d|874|866|932|949|950)|tis-?620|"
    r"big5(?:-?hkscs)?|gbk|gb2312|gb18030|shift[-_]?jis|sjis|euc[-_](?:jp|kr|cn)|iso-2022-(?:jp|kr)"
)
_WESTERN = {"ascii", "iso8859-1", "cp1252"}
_META_CHARSET = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.I)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\x84\x86-\x9f]")
_TYPOGRAPHIC = set("‘’“”„‚–—…•«»€£¥§°·©®™½¼¾¿¡ª º†‰‹›²³¹´¨×÷\u00a0")


def decode_text(data: bytes, name: str, charset: str | None = None) -> str:
    """The characters of a text file.

    Args:
        data: the bytes.
        name: what to call the source in an error.
        charset: what its sender says it is encoded in, if anything.

    Raises:
        SourceError: the bytes are no text, or it is not clear how they are encoded.
    """
    if marked := _marked(data, name):
        return _readable(marked, name)
    if b"\0" in data:
        raise SourceError(f"{name}: this is a binary file, not text")
    for encoding in _candidates(charset):
        if (text := _strict(data, encoding)) is not None:
            return _readable(text, name)
    text = _western(data) or _detected(data)
    if text is None:
        raise SourceError(f"{name}: cannot tell how this text is encoded; save it as UTF-8 and try again")
    return _readable(text, name)


def decode_html(data: bytes, name: str, charset: str | None = None) -> str:
    """The characters of a page, by its mark, the sender's charset, its own ``<meta>``, or evidence.

    A few bad bytes in a page that says how it is encoded are replaced; they do not cost the reader the page.

    Raises:
        SourceError: the bytes are no page, or it is not clear how they are encoded.
    """
    meta = _META_CHARSET.search(data[:4096])
    declared = charset or (meta.group(1).decode("ascii") if meta else None)
    try:
        return decode_text(data, name, declared)
    except SourceError:
        known = _known(declared)
        if known is None or b"\0" in data[:4096]:
            raise
    text = data.decode(known, "replace")
    if text.count("\ufffd") * 100 > len(text):
        raise SourceError(f"{name}: the page is not encoded in {known} as it says")
    return text.replace("\0", "\ufffd")


def _marked(data: bytes, name: str) -> str | None:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            text = _strict(data, encoding)
            if text is None:
                raise SourceError(f"{name}: the file begins as {encoding.upper()} but is damaged; save it as UTF-8")
            return text
    return None


def _known(charset: str | None) -> str | None:
    """Python's name for a declared charset; Latin-1 is read as Windows-1252, as browsers do."""
    if charset is None or not _KNOWN.fullmatch(charset.strip().lower()):
        return None
    try:
        encoding = codecs.lookup(charset.strip()).name
    except LookupError:
        return None
    return "cp1252" if encoding in _WESTERN else encoding


def _candidates(charset: str | None) -> list[str]:
    declared = _known(charset)
    # Bytes that are valid UTF-8 are UTF-8 even where a western label was left on them.
    if declared in (None, "cp1252"):
        return ["utf-8"] + ([declared] if declared else [])
    return [declared, "utf-8"]


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeError, LookupError):
        return None


def _western(data: bytes) -> str | None:
    """Windows-1252, when what is not ASCII is a small share of accented letters and typographic marks."""
    text = _strict(data, "cp1252")
    if text is None:
        return None
    foreign = [c for c in text if c > "\x7f"]
    letters = sum(c.isalpha() for c in text)
    plausible = all(c.isalpha() or c in _TYPOGRAPHIC for c in foreign)
    inside = not re.search(r"[À-ÖØ-öø-ÿ]{3}", text) and not re.search(r"[a-z][À-ÖØ-Þ](?![A-ZÀ-Þ])", text)
    return text if plausible and inside and 0 < len(foreign) * 8 <= letters else None


def _detected(data: bytes) -> str | None:
    """What charset-normalizer says, if it is sure."""
    from charset_normalizer import from_bytes

    best = from_bytes(data[:200_000]).best()
    if best is None or len(data) < 64 or best.chaos > 0.1 or best.coherence < 0.3:
        return None
    return _strict(data, best.encoding)


def _readable(text: str, name: str) -> str:
    """The text, unless it is mostly control characters."""
    if "\0" in text or len(_CONTROL.findall(text)) * 20 > len(text):
        raise SourceError(f"{name}: this is a binary file, not text")
    return text
