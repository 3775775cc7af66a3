"""Sentences and passages: a table of hard cases, and what must hold whatever the text."""

import time
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.article import Passage, Span, normalise
from ingest.split import CountTokens, Shape, passages, sentences

# A "|" marks where a sentence ends; it is not part of the text.
CASES = """
# Titles, initials, names
He met Mr. Smith and Mrs. Jones.| They talked.
Dr. No met Prof. Plum, Lt. Col. James Hart and Gen. Mark Milley on Monday.| All was well.
Sen. Bernie Sanders, Rep. Ro Khanna and Gov. Gavin Newsom agreed.| Nobody else did.
J. K. Rowling wrote it.| George W. Bush read it.| J.R.R. Tolkien did not.
Martin Luther King Jr. was born in Atlanta.| Martin Luther King Jr. Day is in January.
He named it after Robert Downey Jr.| The actor was pleased.
The Rev. Al Sharpton spoke in St. Louis near St. Mary's Church.| It rained.
They live on Main St.| The house is old.
É. Zola wrote it.| А. С. Пушкин did not.
Henry Kissinger and Samuel L. Jackson never met Plan B.| The plan was dropped.
It contains vitamin C.| It also contains zinc.
He met Malcolm X.| He was impressed.
Lt. Col. George Bivens and then-Gov. John Patterson met Brig. Gen. Pat Ryder.| It went well.
# Firms
Apple Inc. said profits rose.| Ford Motor Co. and General Motors Corp. fell.
He works for Apple Inc.| The firm is rich.
Apple Inc. CEO Tim Cook resigned.| Shares fell.
Acme Ltd. v. Jones was decided.| So was Roe v. Wade.
Yahoo! News reported it.| Yahoo! is old.
# Countries, states, degrees
He lives in the U.S.| The weather is fine.
The U.S. Senate met the U.K. Parliament at the U.N. General Assembly.| It was long.
She moved to Washington, D.C.| In 2019 she left.
She moved to Washington, D.C., in 2019.| He stayed.
Sen. Rand Paul, R-Ky., spoke.| Rep. Ilhan Omar (D-Minn.) answered.
He was born in Tampa, Fla.| He died in Utica, N.Y.| Nobody came.
Police in Jacksonville, Fla., said so.| He is in Miami, Fla.| Mayors know.| The Fla. Senate met.
She has a Ph.D. in physics.| He has an M.D.| They met.
“He came back to the U.S.”| “We are glad,” she said.
PALM HARBOR, Fla. (AP) — Gary Woodland has one week left.| He practised.
The Van Buren, 401 W. Van Buren St., Phoenix.| $38 and up.| It is at 10 N. Main.
# Latin and other abbreviations
Fruit, e.g. Apples, or nuts, i.e. Almonds, help.| So do beans etc.| Really.
Smith et al. found it.| See fig. 3, p. 12, pp. 3-5, vol. 2 and No. 5.| Then stop.
Was it No.?| No.| It was yes.
He said no. 5 was best.| She said no.| He left.
Approx. 500 people came, est. 1990 vs. Today.| Done.
# Times and dates
It opened at 10 a.m. Tuesday.| It closed at 5 p.m. EST.| Then at 6 p.m.| They left.
It begins at 8 p.m. Eastern time.| It ends at 9 p.m.| Police were there.
On Jan. 5 and Dec. 31 it snowed.| It began in Sept.| The rest was dry.
It ran from July 29-Aug. 2 in Biloxi.| It was hot.
It happened in 2003.| 2004 was better.| In 1999. nothing.
# Numbers
It rose 3.5 percent to 1,000.50 dollars.| That is $3.5m.| £5 is less.
Version 3.11.7 of Python fell by .5 points.| Good.
They won 24-3.| The rest lost by 10.| Nothing else happened.
1. The first point.| 2. The second point.
Am 3. Oktober war er da.| Im 19. Jahrhundert nicht.
# Ellipses
Well ... maybe not.| So it goes…| The end came… and went.
He waited...| Then he left.| “I... I don't know,” he said.
“... and then he left,” she said.| Yes.
“ . . . They were quicker,” he said.| He sat.
It was over. . . .| Nobody knew. . . until now.
# Question and exclamation marks, quotations
"Stop!" he said.| "Why?" she asked.| "Because."
"Stop!" Smith said.| “Why?” Mr. Al Jones asked.| “Who?” I said.
What?!| No!!!| Really?| Yes.
“This is it,” he stated plainly.| “The ratified agreement is done.”| He left.
“It is ranked first.| It may be last,” he asserted.| Nobody else did.
He called it “a mess.”| She agreed.| 'It is.'| "It was."
He said: "It is over."| "It is not," she said.
(He left early.)| The rest stayed (why?) until noon.| It ended.
« Il est parti. »| « Non ! »| Elle reste.
„Er ist weg.“| Das stimmt.| »Nein.«| Doch.
She looked into “develop[ing] some legislation.”| [T]he end.| [t]his too.
“[W]e left.| [W]e did,” he said.
“Who's Afraid of Virginia Woolf?” (1966) is a film.| Yes.
He asked ‘why?’ and left.| Then—nothing.| — John Smith
# Footnotes
It was built in 1900.[12]| It burned.[3][a]| It was rebuilt.[citation needed]| Twice.²| Done.
# Addresses and files
See www.x.org/a.b or example.com.| Write to john.Smith@example.com.| Open README.md.
See https://x.org/a.Next/b.| Then https://x.org/q?a=1.2!| Done.
Amazon.com and Booking.Com fell.| Node.js rose.| ASP.Net did not.
Tickets cost $17.| valleybarphx.com.| https://example.com/tickets
# No space after the stop
This is the end.|Next sentence begins.| Here.
It ended in 2019.|Then it began.| “It is.”|She left.
He left.|“We stay,” she said.
It uses java.lang.String and System.Out.Println here.| So does photo.JPG.
St.Louis and Dr.Smith are fine.| Yes.
Is it so?|Yes.| It is!|Good.
It forces a shutdown.|NBC's show is out.| "Stop."|The rest stayed.
# Small letters
He bought it from Apple.| iPhone sales rose.| eBay fell.
i went home.| then i slept.| fine.
# Other scripts
彼は行った。|そして帰った。|本当！？|はい。
「行く。」と彼は言った。|彼は行った。
他来了。|她走了！|真的吗？|是的。
هل هذا صحيح؟| نعم.| هو كذلك.
यह सच है।| हाँ।| ठीक है।
Привет.| Как дела?| Хорошо.
"""

# The same, where lines matter: \n is a line break.
LINES = r"""
He wants:|\n- peace|\n- Bread and\n  butter|\n- land|\nHe got none.
Do this:|\n1. Buy milk|\n2. Sell cows.| Then rest.
# The news|\nIt rained all day.
Name: Ann|\nAge: 30|\nCity: Rome
The president said that he would meet\nRussians in Geneva, and that in time the\nUN would agree.| Yes.
Headline in Rome|\nBy Ann Smith|\nThe council met to talk about the roads and schools of\nRome.| Yes.
One paragraph|\n\nand another.| Here.|\n\n\n\nThe last
"""

# A bullet or a heading of its own is a sentence; what stands in running text is not a list.
RUNNING = "They breathe compressed O\n2 from a tank, and this has been done " + "again and again " * 9 + "since."


def texts_of(text: str) -> list[str]:
    return [span.of(text) for span in sentences(text)]


@pytest.mark.parametrize("case", [line for line in CASES.strip().splitlines() if not line.startswith("# ")])
def test_hard_cases(case: str) -> None:
    assert texts_of(case.replace("|", "")) == [part.strip() for part in case.split("|") if part]


@pytest.mark.parametrize("case", LINES.strip().splitlines())
def test_lines(case: str) -> None:
    parts = case.replace("\\n", "\n").split("|")
    assert texts_of("".join(parts)) == [part.strip() for part in parts]


def test_a_number_in_running_text_is_no_list_item() -> None:
    assert texts_of(RUNNING) == [RUNNING]


@pytest.mark.parametrize("text", ["", " ", "\n\n", ".", "...", "“", "\u200b", "a"])
def test_next_to_nothing(text: str) -> None:
    assert texts_of(text) == ([text.strip()] if text.strip() else [])


WORDS = [
    "Mr.",
    "U.S.",
    "The",
    "[12]",
    "www.",
    "https://x.org/",
    "word",
    "Long",
    "said.",
    "...",
    "1.",
    "x" * 30,
]
MARKS = [*".!?…”“\"'’)(][。،؟।«»•-#—é \n\u3000\u0301\u2029", "\n\n", ". ", "\n1. "]
MORSELS = st.sampled_from(WORDS + [word + " " for word in WORDS] + MARKS)
TEXTS = st.one_of(st.text(), st.lists(MORSELS, max_size=80).map("".join)).map(normalise)


def assert_covered(text: str, spans: Sequence[Span]) -> None:
    """Spans in order, no overlap, no blank edge, nothing but white space between them."""
    assert all(span.of(text) == span.of(text).strip() != "" for span in spans)
    assert all(a.end <= b.start for a, b in pairwise(spans))
    edges = [0, *(edge for span in spans for edge in (span.start, span.end)), len(text)]
    assert not "".join(text[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True)).strip()


@given(TEXTS)
def test_sentences_cover_any_text(text: str) -> None:
    spans = sentences(text)
    assert_covered(text, spans)
    assert not any("\n\n" in span.of(text) for span in spans)


def count_words(texts: list[str]) -> list[int]:
    return [len(text.split()) + 2 for text in texts]


def count_characters(texts: list[str]) -> list[int]:
    return [len(text) for text in texts]


def count_bytes_oddly(texts: list[str]) -> list[int]:
    """Parts that add up to less than the whole."""
    return [len(text.encode()) + len(text) ** 2 // 500 + 1 for text in texts]


COUNTERS = st.sampled_from([count_words, count_characters, count_bytes_oddly])
SHAPES = st.builds(
    Shape,
    max_tokens=st.integers(5, 90),
    merge_chars=st.sampled_from([0, 20, 100, 700]),
    cut_chars=st.sampled_from([0, 30]),
    overlap=st.integers(0, 2),
)


@given(TEXTS, COUNTERS, SHAPES)
def test_passages_cover_any_text_within_the_limit(text: str, count: CountTokens, shape: Shape) -> None:
    found = passages(text, count, shape)
    pieces = sorted({span for passage in found for span in passage.sentences})
    assert_covered(text, pieces)
    whole = {edge for span in sentences(text) for edge in (span.start, span.end)}
    assert whole <= {edge for span in pieces for edge in (span.start, span.end)}
    for passage in found:
        assert passage.span == Span(passage.sentences[0].start, passage.sentences[-1].end)
        assert list(passage.sentences) == [span for span in pieces if passage.span.covers(span)]
        (tokens,) = count([passage.span.of(text)])
        assert tokens <= shape.max_tokens or passage.span.end - passage.span.start == 1
    assert all(a.span.start < b.span.start and a.span.end < b.span.end for a, b in pairwise(found))
    if not shape.overlap:
        assert all(a.span.end <= b.span.start for a, b in pairwise(found))


def paragraph(length: int, name: str = "Word") -> str:
    """That many sentences of four words."""
    return " ".join(f"{name} number {i} here." for i in range(length))


def shapes_of(text: str, found: Sequence[Passage]) -> list[int]:
    return [len(passage.sentences) for passage in found]


def test_a_paragraph_that_fits_stays_whole() -> None:
    text = f"{paragraph(20)}\n\n{paragraph(20)}"
    assert shapes_of(text, passages(text, count_words, Shape(max_tokens=82, merge_chars=100))) == [20, 20]


def test_a_long_paragraph_is_cut_into_even_pieces() -> None:
    text = paragraph(21)
    assert shapes_of(text, passages(text, count_words, Shape(max_tokens=82))) == [11, 10]
    assert shapes_of(text, passages(text, count_words, Shape(max_tokens=42))) == [7, 7, 7]
    assert shapes_of(text, passages(text, count_words, Shape(max_tokens=999, cut_chars=240))) == [11, 10]


def test_short_paragraphs_are_joined_up_to_the_target() -> None:
    text = "\n\n".join([paragraph(2)] * 5)
    assert shapes_of(text, passages(text, count_words, Shape(max_tokens=200, merge_chars=100))) == [4, 4, 2]
    assert shapes_of(text, passages(text, count_words, Shape(max_tokens=20, merge_chars=900))) == [4, 4, 2]
    assert shapes_of(text, passages(text, count_words, Shape(max_tokens=200, merge_chars=0))) == [2] * 5


def test_a_heading_goes_with_what_it_heads() -> None:
    text = f"{paragraph(2)}\n\nWhat happens next\n\n{paragraph(35)}\n\n{paragraph(1)}"
    found = passages(text, count_words, Shape(max_tokens=200))
    assert shapes_of(text, found) == [2, 36, 1]
    assert found[1].span.of(text).startswith("What happens next\n\nWord number 0")


def test_overlap_repeats_sentences_of_the_piece_before() -> None:
    text = paragraph(21)
    found = passages(text, count_words, Shape(max_tokens=50, overlap=1))
    assert found[1].sentences[0].of(text) == found[0].sentences[-1].of(text)
    assert shapes_of(text, found) == [11, 11]


def test_a_sentence_too_long_for_the_model_is_cut_at_white_space() -> None:
    text = "No. " + "word " * 100 + "end."
    found = passages(text, count_words, Shape(max_tokens=32))
    assert len(found) == 4
    assert " ".join(passage.span.of(text) for passage in found) == text


def test_a_limit_that_nothing_fits_is_refused() -> None:
    with pytest.raises(ValueError, match="max_tokens is 2"):
        passages("One.", count_words, Shape(max_tokens=2))


def test_tokens_are_counted_in_few_batches() -> None:
    batches = 0

    def count(texts: list[str]) -> list[int]:
        nonlocal batches
        batches += 1
        return count_words(texts)

    passages("\n\n".join([paragraph(40)] * 50), count, Shape(max_tokens=100))
    assert batches == 3


ADVERSARIAL = [
    ".",
    "“",
    "a.",
    "a",
    "a ",
    ". ",
    "\n",
    "a\n",
    "\n- a",
    ".“",
    "a.A",
    "http://",
    "www.",
    "…",
    ' "',
]
ADVERSARIAL += [
    "[1]",
    ".[1]",
    "U.S. ",
    "é\u0301",
    "。",
    "a. \n",
    "? (",
    ". .",
    "Mr. A. ",
    "x@",
    "(a) ",
    "\u200d",
]


@pytest.mark.parametrize("morsel", ADVERSARIAL)
def test_time_is_linear(morsel: str) -> None:
    def seconds(length: int) -> float:
        text = "x" + morsel * (length // len(morsel)) + "x"
        start = time.process_time()
        passages(text, count_characters, Shape(max_tokens=256))
        return time.process_time() - start

    # Four times the text: quadratic work would take sixteen times as long, whatever else the machine is doing.
    assert seconds(120_000) < max(2.0, 10 * seconds(30_000))
