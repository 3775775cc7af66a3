import json
from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.asked import Asked, lines, parse
from ingest.errors import CitedeskError

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["question", "desk", "x"]), inner),
    max_leaves=5,
)


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        (" Who?\t", Asked("Who?", ("a", "b"))),
        ("[1, 2]", Asked("[1, 2]", ("a", "b"))),
        ('"Who?"', Asked('"Who?"', ("a", "b"))),
        ('{"question": " Who? "}', Asked("Who?", ("a", "b"))),
        ('{"desk": "city", "question": "Who?", "id": 1}', Asked("Who?", ("city",))),
        ('{"desk": null, "question": "Who?"}', Asked("Who?", ("a", "b"))),
    ],
)
def test_a_line_is_a_question_or_an_object_that_has_one(line: str, asked: Asked) -> None:
    assert parse(line, ("a", "b")) == asked


@given(st.text() | ANYTHING.map(json.dumps))
@example("{" * 100_000)
@example('{"question": "\\ud800"}')
@example('{"a":' * 100_000)
def test_any_other_line_is_refused_in_one_line(line: str) -> None:
    with suppress(CitedeskError):
        assert parse(line, ("a",)).question


def test_lines_are_numbered_as_they_stand() -> None:
    assert [*lines([b"\xef\xbb\xbfa\r\n", b" \n", b"b\xff\n", b"", "é".encode()])] == [
        (1, "a"),
        (3, "b\udcff"),
        (5, "é"),
    ]
