"""The contracts that programs build on: the JSON and the exit statuses of the real command, process by process."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from ingest import sample
from tests import forked

ROOT = Path(__file__).parents[1]
WHO = "Who ranked Cuba at the top of the list of sources of mercenaries?"
UNSAID = "Who won the World Cup in 2022?"


def _object(**properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _list(items: Any) -> dict[str, Any]:
    return {"type": "array", "items": items}


def _or_null(kind: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [kind, {"type": "null"}]}


TEXT = {"type": "string"}
OFFSET = {"type": "integer", "minimum": 0}
NUMBER = {"type": "number", "minimum": 0}
DAY = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"}
MOMENT = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+00:00$"}
PRECISIONS = ["day", "week", "month", "year"]
VERSION = {"type": "string", "pattern": "^sha256:[0-9a-f]{64}$"}

ANSWER = _object(
    question=TEXT,
    standalone_question=TEXT,
    desks=_list(TEXT) | {"minItems": 1},
    answered={"type": "boolean"},
    text=TEXT,
    statements=_list(_object(text=TEXT, citations=_list({"type": "integer", "minimum": 1}) | {"minItems": 1})),
    citations=_list(
        _object(
            n={"type": "integer", "minimum": 1},
            article_id=TEXT,
            version=VERSION,
            title=TEXT,
            byline=_or_null(TEXT),
            published=_or_null(DAY),
            source=TEXT,
            url=_or_null(TEXT),
            link=_or_null(TEXT),
            start=OFFSET,
            end=OFFSET,
            quote=TEXT,
            passage=_object(start=OFFSET, end=OFFSET),
            correction=_or_null(_object(start=OFFSET, end=OFFSET, quote=TEXT)),
            dates=_list(_object(start=OFFSET, end=OFFSET, text=TEXT, date=TEXT, precision={"enum": PRECISIONS})),
            attribution=_or_null(_object(speaker=_or_null(TEXT), role=_or_null(TEXT), cue=TEXT)),
        )
    ),
    retrieved=_list(_object(article_id=TEXT, version=VERSION, start=OFFSET, end=OFFSET, score=NUMBER)),
    mode={"enum": ["quote", "llm"]},
    model=TEXT,
    notes=_list(TEXT),
    timings_ms=_object(retrieve=NUMBER, answer=NUMBER, total=NUMBER),
)
INGESTED = _object(
    source=TEXT,
    article_id=_or_null(TEXT),
    status={"enum": ["added", "unchanged", "updated", "failed"]},
    passages=OFFSET,
    error=_or_null(TEXT),
)
ARTICLE = _object(
    article_id=TEXT,
    desk=TEXT,
    title=TEXT,
    byline=_or_null(TEXT),
    published=_or_null(DAY),
    language=_or_null(TEXT),
    source=TEXT,
    url=_or_null(TEXT),
    version=VERSION,
    passages=OFFSET,
    characters=OFFSET,
    versions=_list(_object(version=VERSION, ingested=MOMENT, superseded=_or_null(MOMENT))),
)


def citedesk(home: Path, *arguments: str, stdin: str = "") -> forked.Ran:
    return forked.run(arguments, home.parent, {"CITEDESK_HOME": str(home)}, stdin.encode())


def rows(ran: forked.Ran, schema: dict[str, Any]) -> list[Any]:
    """The objects that a command printed, each as it must be."""
    found = [json.loads(line) for line in ran.out.splitlines()]
    for row in found:
        Draft202012Validator(schema).validate(row)
    return found


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the sample article."""
    folder = tmp_path_factory.mktemp("contract") / "home"
    ran = citedesk(folder, "ingest", "--sample", "missing.txt", "--json")
    assert ran.status == 1
    added, failed = rows(ran, INGESTED)
    assert (added["source"], added["status"], added["error"]) == (str(sample.ARTICLE), "added", None)
    assert added["passages"] > 0
    assert (failed["source"], failed["status"], failed["article_id"]) == ("missing.txt", "failed", None)
    assert "missing.txt" in failed["error"]
    return folder


def hold(answer: Any, text: str) -> None:
    """What holds in every answer, whoever wrote it."""
    numbers = [citation["n"] for citation in answer["citations"]]
    assert numbers == list(range(1, len(numbers) + 1))
    for citation in answer["citations"]:
        start, end = citation["start"], citation["end"]
        assert text[start:end] == citation["quote"] != ""
        assert citation["passage"]["start"] <= start < end <= citation["passage"]["end"]
        for dated in citation["dates"]:
            assert start <= dated["start"] < dated["end"] <= end
            assert text[dated["start"] : dated["end"]] == dated["text"]
    for statement in answer["statements"]:
        assert set(statement["citations"]) <= set(numbers)
        assert statement["text"] in answer["text"]
    assert answer["answered"] == bool(answer["statements"])


def test_an_answer_and_a_refusal(home: Path) -> None:
    (article,) = rows(citedesk(home, "articles", "--json"), ARTICLE)
    text = citedesk(home, "show", article["article_id"], "--text").out.decode()
    assert len(text) == article["characters"]

    ran = citedesk(home, "ask", WHO, "--json")
    assert (ran.status, ran.err) == (0, b"")
    (answer,) = rows(ran, ANSWER)
    hold(answer, text)
    assert answer["answered"]
    assert answer["question"] == answer["standalone_question"] == WHO
    assert answer["desks"] == ["default"]
    assert (answer["mode"], answer["model"]) == ("quote", "quote")
    assert "Andriy Yusov" in answer["text"]
    assert {citation["article_id"] for citation in answer["citations"]} == {article["article_id"]}
    assert {(d["text"], d["date"]) for c in answer["citations"] for d in c["dates"]} == {("in September", "2025-09")}

    ran = citedesk(home, "ask", UNSAID, "--json")
    assert (ran.status, ran.err) == (3, b"")
    (refusal,) = rows(ran, ANSWER)
    hold(refusal, text)
    assert not refusal["answered"]
    assert refusal["text"] == "The articles do not say."


def test_a_process_that_is_started_in_full_says_the_same(home: Path) -> None:
    forked_one = citedesk(home, "show", "0000", "--json")
    environ = {**os.environ, "CITEDESK_HOME": str(home), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "bot.cli", "show", "0000", "--json"]
    ran = subprocess.run(command, env=environ, cwd=home.parent, capture_output=True, check=False)
    assert (ran.returncode, ran.stdout, ran.stderr) == forked_one


def test_a_batch_answers_line_by_line_in_order(home: Path) -> None:
    lines = [WHO, json.dumps({"question": UNSAID, "id": 7}), json.dumps({"question": WHO, "desk": "city"})]
    ran = citedesk(home, "ask", "--batch", "-", stdin="\n".join(lines))
    assert (ran.status, ran.err) == (0, b"")
    answers = rows(ran, ANSWER)
    assert [answer["question"] for answer in answers] == [WHO, UNSAID, WHO]
    assert [answer["answered"] for answer in answers] == [True, False, False]
    assert [answer["desks"] for answer in answers] == [["default"], ["default"], ["city"]]
    assert "citedesk ingest" in answers[2]["notes"][0]


def test_a_conversation_understands_what_follows(home: Path) -> None:
    ran = citedesk(home, "chat", "--json", stdin=f"{WHO}\nHow many Cubans did he say are fighting?\n")
    assert (ran.status, ran.err) == (0, b"")
    first, second = rows(ran, ANSWER)
    assert first["question"] == first["standalone_question"]
    assert second["question"] == "How many Cubans did he say are fighting?"
    assert "Andriy Yusov" in second["standalone_question"]
    assert "20,000" in second["text"]


def test_no_article_yet(tmp_path: Path) -> None:
    ran = citedesk(tmp_path / "home", "ask", WHO)
    assert (ran.status, ran.out) == (3, b"The articles do not say.\n")
    assert b"citedesk ingest" in ran.err


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["show", "nope"], 1),
        (["ask", "--batch", "missing.jsonl"], 1),
        (["ask"], 2),
        (["ask", ""], 2),
        (["ingest"], 2),
        (["nope"], 2),
    ],
)
def test_exit_statuses(arguments: list[str], status: int, home: Path) -> None:
    ran = citedesk(home, *arguments)
    assert (ran.status, ran.out) == (status, b"")
    assert ran.err
    assert b"Traceback" not in ran.err


def test_articles_come_and_go(home: Path) -> None:
    (home.parent / "a.txt").write_text("The council met.")
    added, again = rows(citedesk(home, "ingest", "a.txt", "a.txt", "--desk", "city", "--json"), INGESTED)
    (home.parent / "a.txt").write_text("The council met again.")
    (updated,) = rows(citedesk(home, "ingest", "a.txt", "--desk", "city", "--json"), INGESTED)
    assert [row["status"] for row in (added, again, updated)] == ["added", "unchanged", "updated"]
    assert len({row["article_id"] for row in (added, again, updated)}) == 1

    (article,) = rows(citedesk(home, "show", added["article_id"], "--json"), ARTICLE)
    assert [version["superseded"] is None for version in article["versions"]] == [False, True]
    assert rows(citedesk(home, "remove", added["article_id"], "--json"), ARTICLE) == [article]
