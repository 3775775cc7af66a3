"""Bytes to characters: where it is clear how, and only there."""

import pytest

from ingest.decode import decode_html, decode_text
from ingest.errors import SourceError

FRENCH = "Le président a déclaré à Genève : « L’accord est signé ». " * 3
RUSSIAN = "Министерство обороны подписало соглашение о военном сотрудничестве с Кубой во вторник в Москве. " * 3


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_a_mark_utf8_or_western_bytes_that_read_well(encoding: str) -> None:
    assert decode_text(FRENCH.encode(encoding), "a") == FRENCH


def test_other_alphabets_where_the_evidence_is_strong() -> None:
    assert decode_text(RUSSIAN.encode("cp1251"), "a") == RUSSIAN


@pytest.mark.parametrize(
    "charset", ["windows-1251", "KOI8-R", "utf-8", "no-such-charset", "zip", "unicode_escape", "utf-7"]
)
def test_a_declared_charset_is_used_if_it_is_one(charset: str) -> None:
    encoding = charset if charset in ("windows-1251", "KOI8-R") else "utf-8"
    assert decode_text("Куба".encode(encoding), "a", charset) == "Куба"


def test_utf8_is_utf8_whatever_western_label_was_left_on_it() -> None:
    assert decode_text("Café".encode(), "a", "iso-8859-1") == "Café"


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\x00\x00",
        b"PK\x03\x04\x00",
        bytes(range(1, 32)) * 4,
        b"\xff\xfea",
        b"\xc3\x28\xa0\xa1 \xff\xf0 \x9d",
    ],
)
def test_what_is_no_text_is_one_clear_line(data: bytes) -> None:
    with pytest.raises(SourceError, match=r"^a: [^\n]+$"):
        decode_text(data, "a")


def test_a_page_may_say_how_it_is_encoded() -> None:
    page = '<html><head><meta charset="windows-1251"></head><p>Куба'
    assert "Куба" in decode_html(page.encode("cp1251"), "a")
    other = '<meta http-equiv="Content-Type" content="text/html; charset=shift_jis"><p>条約が署名された'
    assert "条約が署名された" in decode_html(other.encode("shift_jis"), "a")
    assert "Куба" in decode_html(page.encode("koi8-r"), "a", charset="koi8-r")


def test_a_few_bad_bytes_do_not_cost_the_page() -> None:
    page = "<meta charset=utf-8><p>" + "Café in Havana. " * 50
    assert "\ufffd" in decode_html(page.encode() + b"\xff\x81", "a")
    with pytest.raises(SourceError):
        decode_html(b"<meta charset=utf-8>" + bytes(range(128, 255)) * 5, "a")
