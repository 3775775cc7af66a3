"""PDFs, made here line by line: paragraphs come back, and what cannot be read says why."""

import io
import zlib
from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter

from ingest.article import Article
from ingest.errors import SourceError
from ingest.extract import extract
from ingest.load import PDF, Loaded

Placed = tuple[float, float, float, str]  # x, y, size, text


def make_pdf(pages: Sequence[Sequence[Placed]], info: str = "") -> bytes:
    """A PDF with each text where it is told to stand, in Helvetica."""
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        f"<< {info} >>",
    ]
    kids = []
    for page in pages:
        shown = "".join(
            f"BT /F1 {size} Tf {x} {y} Td ({text.replace('(', '[').replace(')', ']')}) Tj ET\n"
            for x, y, size, text in page
        )
        stream = zlib.compress(shown.encode("cp1252")).decode("latin-1")
        objects.append(f"<< /Length {len(stream)} /Filter /FlateDecode >>\nstream\n{stream}\nendstream")
        kids.append(f"{len(objects) + 1} 0 R")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {len(objects)} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>"
        )
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    out, offsets = "%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    trailer = f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R /Info 4 0 R >>\nstartxref\n{len(out)}\n%%EOF"
    return (out + f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{trailer}").encode("latin-1")


def column(*lines: str, x: float = 50, y: float = 780, size: float = 11, leading: float = 14) -> list[Placed]:
    """Lines set below each other; an empty one is half a line of space."""
    placed = []
    for line in lines:
        if line:
            placed.append((x, y, size, line))
        y -= leading if line else leading / 2
    return placed


def read(data: bytes) -> Article:
    return extract(Loaded("a.pdf", "/a/a.pdf", data, PDF))


BODY = [
    "The harbour bridge reopened to traffic on Tuesday, two years after",
    "engineers found cracks in its main span.",
    "",
    "The repair cost £41 million, a third more than the port authority had",
    "planned for it. Director Ines Faro called that “a fair price” on Monday.",
]
TEXT = (
    "The harbour bridge reopened to traffic on Tuesday, two years after "
    "engineers found cracks in its main span.\n\n"
    "The repair cost £41 million, a third more than the port authority had planned for it. "
    "Director Ines Faro called that “a fair price” on Monday."
)


def test_lines_become_paragraphs_again_and_the_head_becomes_title_byline_and_date() -> None:
    head: list[Placed] = [(50, 800, 20, "Harbour bridge reopens after"), (50, 775, 20, "two-year repair")]
    head += [(50, 740, 11, "By Mara Ilves"), (50, 720, 11, "14 May 2024")]
    article = read(make_pdf([head + column(*BODY, y=690)], "/CreationDate (D:20200101000000Z)"))
    assert article.text == TEXT
    assert article.title == "Harbour bridge reopens after two-year repair"
    assert (article.byline, article.published) == ("Mara Ilves", date(2024, 5, 14))


def test_the_day_a_file_was_made_is_not_the_day_of_the_news() -> None:
    assert read(make_pdf([column(*BODY)], "/CreationDate (D:20200101000000Z)")).published is None


def test_paragraphs_that_are_only_indented() -> None:
    lines = column(BODY[0], BODY[1], "  " + BODY[3], BODY[4])
    assert read(make_pdf([lines])).text == TEXT
    shifted = [*lines[:2], (65, lines[2][1], 11, BODY[3]), lines[3]]
    assert read(make_pdf([shifted])).text == TEXT


def test_a_sentence_runs_on_over_columns_and_pages_but_page_numbers_do_not() -> None:
    left, right = column(BODY[3], BODY[4], "", BODY[0], y=780), column(BODY[1], x=320, y=780)
    bridge, cost = TEXT.split("\n\n")
    assert read(make_pdf([left + right])).text == f"{cost}\n\n{bridge}"
    running: list[Placed] = [(50, 820, 8, "THE COAST LEDGER")]
    pages = [
        running + column(part) + [(290, 20, 8, f"Page {n}")] for n, part in enumerate((BODY[0], BODY[1], *BODY[3:]), 1)
    ]
    assert read(make_pdf(pages)).text == TEXT


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (
            ("They sign the agree-", "ment on Tuesday in Havana."),
            "They sign the agreement on Tuesday in Havana.",
        ),
        (
            ("They spoke of co-", "operation. The cooperation is new."),
            "They spoke of cooperation. The cooperation is new.",
        ),
        (
            ("It is a state-of-the-", "art bridge in the harbour."),
            "It is a state-of-the-art bridge in the harbour.",
        ),
        (("He is the vice-", "president of the company."), "He is the vice-president of the company."),
    ],
)
def test_hyphens_go_only_where_that_is_safe(lines: tuple[str, str], text: str) -> None:
    assert read(make_pdf([column(*lines)])).text == text


@pytest.mark.parametrize(
    ("info", "title", "byline"),
    [
        ("/Title (Harbour bridge reopens) /Author (Mara Ilves)", "Harbour bridge reopens", "Mara Ilves"),
        ("/Title (Microsoft Word - bridge final.docx) /Author (jdoe)", None, None),
        ("/Title (Untitled 1) /Author (Windows User)", None, None),
        ("/Title (bridge.indd)", None, None),
    ],
)
def test_document_information_where_a_person_wrote_it(info: str, title: str | None, byline: str | None) -> None:
    article = read(make_pdf([column(*BODY)], info))
    assert article.title == (
        title or "The harbour bridge reopened to traffic on Tuesday, two years after engineers found cracks…"
    )
    assert (article.byline, article.text) == (byline, TEXT)


def refusal(data: bytes) -> str:
    with pytest.raises(SourceError) as caught:
        read(data)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_an_encrypted_pdf_is_refused_and_one_that_only_forbids_printing_is_read() -> None:
    def locked(password: str) -> bytes:
        writer = PdfWriter(clone_from=PdfReader(io.BytesIO(make_pdf([column(*BODY)]))))
        writer.encrypt(password, owner_password="owner", algorithm="RC4-128")
        out = io.BytesIO()
        writer.write(out)
        return out.getvalue()

    assert "is encrypted" in refusal(locked("secret"))
    assert read(locked("")).text == TEXT


def test_pictures_of_text_and_broken_files() -> None:
    assert "no text, only images" in refusal(make_pdf([[]]))
    assert "is broken" in refusal(b"%PDF-1.7\nnothing more")
    assert "is broken" in refusal(b"<html>not found")
    assert "is broken" in refusal(make_pdf([column(*BODY)])[:300])


def test_what_unpacks_to_far_too_much_is_refused() -> None:
    bomb = zlib.compress(b"BT (" + b"x" * 100_000_000 + b") Tj ET", 9)
    whole = make_pdf([column(*BODY)])
    start, end = whole.index(b"5 0 obj"), whole.index(b"6 0 obj")
    head = b"5 0 obj\n<< /Filter /FlateDecode /Length %d >>\nstream\n" % len(bomb)
    assert refusal(whole[:start] + head + bomb + b"\nendstream\nendobj\n" + whole[end:])


@settings(max_examples=60, deadline=None)
@given(cuts=st.lists(st.tuples(st.integers(0, 1400), st.binary(max_size=6)), min_size=1, max_size=8))
def test_a_damaged_file_is_an_article_or_one_clear_line(cuts: list[tuple[int, bytes]]) -> None:
    data = bytearray(make_pdf([column(*BODY)], "/Title (A pact)"))
    for at, patch in cuts:
        data[at : at + len(patch)] = patch
    try:
        found = read(bytes(data)).text
    except SourceError as error:
        found, *_ = *str(error).splitlines(), ""
    assert found
