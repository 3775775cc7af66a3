import json
import os
import resource
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

from ingest import sample
from ingest.errors import StoreError
from tests import forked

ROOT = Path(__file__).parents[2]
TITLE = "Russia ratifies military pact with Cuba as Venezuela accord takes effect"
HOW_TO_ADD = (
    "Add one: citedesk ingest SOURCE, a file, a folder or a URL; --sample adds the one that ships with Citedesk.\n"
)


@pytest.fixture
def in_room(room: Any, home: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The command, asking in a room that answers "Who ...?" and refuses the rest."""
    monkeypatch.setattr("bot.room.open_room", room.open)
    return room


def rows(out: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.splitlines()]


def usage_error(err: str) -> str:
    """What is wrong, from the lines that say how it is used."""
    return err.split("Error: ")[1].rstrip("\n")


# -- the frame


HELP = """
import sys
from bot.cli import main
try:
    main(["--help"])
except SystemExit as left:
    print(left.code, file=sys.stderr)
print(*{"torch", "chromadb", "langchain", "langchain_core", "sentence_transformers", "numpy", "onnxruntime"}
      & sys.modules.keys(), file=sys.stderr)
"""


def test_help_is_instant() -> None:
    def seconds(code: str) -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if code == HELP:
            assert ran.stderr == "0\n\n"
            listed = [line.split()[0] for line in ran.stdout.split("Commands:\n")[1].splitlines()]
            commands = "ingest watch articles show diff remove ask check chat doctor log discord"
            assert listed == commands.split()
        return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime

    # Of the processor, and against what cannot be left out, for no machine is as fast at all times.
    helped, least = zip(*((seconds(HELP), seconds("import typer")) for _ in range(4)), strict=True)
    assert min(helped) < 2 * min(least)


def test_version(citedesk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metadata, "version", lambda name: f"1.2 of {name}")
    assert citedesk("--version") == (0, "citedesk 1.2 of citedesk\n", "")


@pytest.mark.parametrize(
    "arguments",
    [
        ["nope"],
        ["ingest"],
        ["ingest", "a.txt", "--desk", "A!"],
        ["ask"],
        ["ask", "Who?", "--batch", "f"],
        ["ask", ""],
        ["ask", " \t"],
        ["ask", "\udcff"],
        ["ask", "Who?", "--desk", "default", "--desk", ""],
        ["check"],
        ["check", " \n"],
        ["check", "It rained.", "--desk", "A!"],
        ["chat", "--desk", "A!"],
        ["articles", "--desk", "A!"],
        ["show"],
        ["show", "abcd", "--version", "abcd"],
        ["diff"],
        ["remove"],
        ["log", "--since", "yesterday"],
    ],
)
def test_wrong_usage(arguments: list[str], citedesk: Any, home: Path) -> None:
    status, out, err = citedesk(*arguments)
    assert (status, out) == (2, "")
    assert "\nError: " in err
    assert not home.exists()


@pytest.mark.parametrize(
    ("error", "status", "err"),
    [
        (StoreError("The store\n is \x1b[31mgone."), 1, "citedesk: The store is [31mgone.\n"),
        (KeyboardInterrupt(), 130, ""),
    ],
)
def test_what_a_person_can_act_on_is_one_line(
    error: BaseException, status: int, err: str, in_room: Any, citedesk: Any
) -> None:
    in_room.fails = error
    assert citedesk("ask", "Who?") == (status, "", err)


def test_a_bug_is_not_hidden(in_room: Any, citedesk: Any) -> None:
    in_room.fails = ZeroDivisionError()
    with pytest.raises(ZeroDivisionError):
        citedesk("ask", "Who?")


def test_a_wrong_setting_is_named(home: Path, citedesk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CITEDESK_MODLE", "x")
    line = "citedesk: CITEDESK_MODLE is not a setting of Citedesk. Did you mean CITEDESK_MODEL?\n"
    for arguments in (["ask", "Who?"], ["chat"], ["articles"], ["ingest", "--sample"], ["show", "abcd"]):
        assert citedesk(*arguments) == (1, "", line)


def test_a_reader_that_leaves_is_no_error(stocked: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "bot.cli", "articles"]
    ran = subprocess.run(command, cwd=ROOT, stdout=write, stderr=subprocess.PIPE, check=False)
    os.close(write)
    assert (ran.returncode, ran.stderr) == (1, b"")


@pytest.mark.parametrize("arguments", [["articles"], ["articles", "--json"], ["ask", "Who?"], ["--help"]])
def test_a_full_disk_is_one_line(arguments: list[str], stocked: Path, tmp_path: Path) -> None:
    said = tmp_path / "said"
    streams = forked.NOTHING, Path("/dev/full"), said
    process = forked.start(arguments, tmp_path, {"CITEDESK_HOME": str(stocked)}, streams)
    process.join()
    line = "citedesk: No space left on device: not all could be written. Make room and try again.\n"
    assert (process.exitcode, said.read_text()) == (1, line)


@pytest.mark.parametrize(
    ("arguments", "closed", "status", "err"),
    [
        (["articles"], {1}, 0, ""),
        (["articles"], {0, 1, 2}, 0, ""),
        (["ask", "--batch", "-"], {0}, 0, ""),
        (["chat", "--json"], {0}, 0, ""),
        (["ingest", "-"], {0}, 1, "citedesk: standard input: empty\n"),
    ],
)
def test_a_closed_stream_is_an_empty_one(
    arguments: list[str], closed: set[int], status: int, err: str, stocked: Path, tmp_path: Path
) -> None:
    said = [tmp_path / name for name in ("out", "err")]
    given, out, note = (None if n in closed else path for n, path in enumerate((forked.NOTHING, *said)))
    process = forked.start(arguments, tmp_path, {"CITEDESK_HOME": str(stocked)}, (given, out, note))
    process.join()
    texts = [path.read_text() if path.exists() else "" for path in said]
    assert (process.exitcode, *texts) == (status, "", err)


# -- ingest


@pytest.fixture
def news(tmp_path: Path) -> Path:
    """A folder with two articles, one of them of a name and a title that a terminal would obey."""
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "a.txt").write_text("date 2025-10-07\n\nThe council met on Tuesday. It voted for the bridge.\n")
    (folder / "b\x1b[2J.md").write_text("# Bees\x1b[31m sleep\u202e less\n\nBees sleep less under lamps.\n")
    return folder


def test_a_line_for_each_source(citedesk: Any, news: Path) -> None:
    status, out, err = citedesk("ingest", str(news), "missing.txt", "--sample")
    assert status == 1
    assert [line[:11] + line[29:] for line in out.splitlines()] == [
        f"added      {TITLE}  (8 passages)",
        "added      The council met on Tuesday.  (1 passage)",
        "added      Bees [31m sleep less  (1 passage)",
    ]
    assert err == "citedesk: missing.txt: no such file or folder\n"

    status, out, err = citedesk("ingest", str(news))
    assert (status, err) == (0, "")
    assert [line[:9] for line in out.splitlines()] == ["unchanged", "unchanged"]

    (news / "a.txt").write_text("The council met again.\n")
    status, out, err = citedesk("ingest", str(news / "a.txt"), "--desk", "default")
    assert (status, out[:9], err) == (0, "updated  ", "")


def test_a_json_line_for_each_source(citedesk: Any) -> None:
    status, out, err = citedesk("ingest", "missing.txt", "-", "--desk", "city", "--json", stdin=b"The council met.")
    assert (status, err) == (1, "")
    failed, added = rows(out)
    assert failed == {
        "source": "missing.txt",
        "article_id": None,
        "status": "failed",
        "passages": 0,
        "error": "missing.txt: no such file or folder",
    }
    assert added == {"source": "-", "article_id": added["article_id"], "status": "added", "passages": 1, "error": None}
    assert [row["desk"] for row in rows(citedesk("articles", "--json").out)] == ["city"]


# -- articles


@pytest.fixture
def id(citedesk: Any, stocked: Path) -> str:
    """The id of the sample article."""
    (row,) = rows(citedesk("articles", "--json").out)
    return str(row["article_id"])


def test_articles(id: str, citedesk: Any) -> None:
    assert citedesk("articles") == (0, f"{id}  default  2025-10-08  {TITLE}\n", "")
    assert citedesk("articles", "--desk", "city") == (0, "", f"There is no article on the desk city yet. {HOW_TO_ADD}")
    assert citedesk("articles", "--desk", "city", "--json") == (0, "", "")


def test_no_article_yet(citedesk: Any) -> None:
    assert citedesk("articles") == (0, "", f"There is no article yet. {HOW_TO_ADD}")


def test_an_article_as_json(id: str, citedesk: Any) -> None:
    (row,) = rows(citedesk("articles", "--json").out)
    version = "sha256:cfa93046361780d7e587e49f461a1887efd7f4301c5f5f667ecee5c74e18984a"
    assert row == {
        "article_id": id,
        "desk": "default",
        "title": TITLE,
        "byline": "Citedesk Staff",
        "published": "2025-10-08",
        "language": "en",
        "source": str(sample.ARTICLE),
        "url": None,
        "version": version,
        "passages": 8,
        "characters": 3901,
        "versions": [{"version": version, "ingested": "2025-10-09T08:00:00+00:00", "superseded": None}],
    }
    assert rows(citedesk("show", id[:4], "--json").out) == [row]
    text = citedesk("show", id, "--text").out
    assert rows(citedesk("show", id, "--text", "--json").out) == [row | {"text": text}]


def test_show(id: str, citedesk: Any) -> None:
    assert citedesk("show", id[:6].upper()) == (
        0,
        f"""\
{TITLE}
  id          {id}
  desk        default
  by          Citedesk Staff
  date        8 October 2025
  language    en
  source      {sample.ARTICLE}
  passages    8
  characters  3,901
  version     sha256:cfa93046361780d7e587e49f461a1887efd7f4301c5f5f667ecee5c74e18984a
              ingested 2025-10-09 08:00 UTC, current
""",
        "",
    )


def test_the_text_is_printed_exactly_of_every_version(citedesk: Any, tmp_path: Path) -> None:
    article = tmp_path / "a.txt"
    article.write_bytes("Ann said “é”.\r\n\r\nBen\x07 left.\n\n\n".encode())
    citedesk("ingest", "a.txt")
    (first,) = rows(citedesk("articles", "--json").out)
    assert citedesk("show", first["article_id"], "--text") == (0, "Ann said “é”.\n\nBen\x07 left.", "")
    article.write_text("Ann left.")
    citedesk("ingest", "a.txt")
    assert citedesk("show", first["article_id"], "--text") == (0, "Ann left.", "")
    for name in (first["version"], first["version"][:12], first["version"][7:12]):
        assert (
            citedesk("show", first["article_id"], "--text", "--version", name).out == "Ann said “é”.\n\nBen\x07 left."
        )
    (now,) = rows(citedesk("articles", "--json").out)
    assert [v["superseded"] is None for v in now["versions"]] == [False, True]
    assert " superseded 20" in citedesk("show", first["article_id"]).out
    assert citedesk("show", first["article_id"], "--text", "--version", "sha256:") == (
        1,
        "",
        f"citedesk: {first['article_id']} has no version 'sha256:'."
        f" citedesk show {first['article_id']} lists those that it has.\n",
    )


@pytest.mark.parametrize("name", ["nope", "", "desk:default", "\x1b[2J", "\udcff"])
@pytest.mark.parametrize("command", ["show", "diff", "remove"])
def test_an_unknown_article(name: str, command: str, citedesk: Any, stocked: Path) -> None:
    line = f"citedesk: There is no article {name!r}. citedesk articles lists those that there are.\n"
    assert citedesk(command, name) == (1, "", line)


def test_the_start_of_an_id_must_be_of_one_article_and_long_enough(id: str, citedesk: Any) -> None:
    assert citedesk("show", id[:3]).status == 1
    assert citedesk("show", id[:4]).status == 0


def test_remove(id: str, citedesk: Any) -> None:
    assert citedesk("remove", id[:5]) == (0, f"removed  {id}  {TITLE}\n", "")
    assert citedesk("articles", "--json") == (0, "", "")
    assert citedesk("remove", id).status == 1


def test_remove_as_json_tells_what_it_was(id: str, citedesk: Any) -> None:
    (row,) = rows(citedesk("articles", "--json").out)
    status, out, err = citedesk("remove", id, "--json")
    assert (status, rows(out), err) == (0, [row], "")


# -- ask


def test_an_answer(in_room: Any, citedesk: Any, answered: str) -> None:
    assert citedesk("ask", " Who came? ") == (0, answered, "")
    assert in_room.asked == [("Who came?", ("default",), [])]


def test_a_refusal(in_room: Any, citedesk: Any, refused: str) -> None:
    assert citedesk("ask", "Why?") == (3, refused, "A note.\n")


def test_an_answer_as_json_is_one_line_and_nothing_else(in_room: Any, citedesk: Any) -> None:
    status, out, err = citedesk("ask", "Why?", "--json")
    assert (status, len(rows(out)), err) == (3, 1, "")


def test_json_cannot_turn_a_terminal(in_room: Any, citedesk: Any) -> None:
    (line,) = citedesk("ask", "Who\x9b2J \u202e“é”?", "--json").out.splitlines()
    assert line.isascii()
    assert json.loads(line)["question"] == "Who\x9b2J \u202e“é”?"


def test_several_desks(in_room: Any, citedesk: Any) -> None:
    citedesk("ask", "Who?", "--desk", "a", "--desk", "b", "--desk", "a")
    assert in_room.asked == [("Who?", ("a", "b"), [])]


BATCH = b"""\
Who came?

{"question": "Why?", "desk": "city", "id": 7, "answers": []}
{"question": "When
{"question": ["Who"]}
{"question": "Who?", "desk": "A!"}
{"question": "Who?", "desk": 3}
{"question": " "}
\xff?
{"question": "Who left?", "desk": null}"""


@pytest.mark.parametrize("from_file", [True, False])
def test_a_batch(from_file: bool, in_room: Any, citedesk: Any, tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(BATCH)
    status, out, err = citedesk("ask", "--batch", "f" if from_file else "-", "--desk", "news", stdin=BATCH)
    assert status == 1
    assert [row.get("question") or row["line"] for row in rows(out)] == [
        "Who came?",
        "Why?",
        *range(4, 10),
        "Who left?",
    ]
    assert in_room.asked == [("Who came?", ("news",), []), ("Why?", ("city",), []), ("Who left?", ("news",), [])]
    assert in_room.opened == 1
    assert (
        err
        == """\
citedesk: line 4: This begins like a JSON object, but is none.
citedesk: line 5: The object has no "question" that is a text.
citedesk: line 6: 'A!' cannot be the name of a desk: use 1 to 63 of a-z, 0-9, '.', '_' and '-', a letter or digit \
first and last.
citedesk: line 7: The object's "desk" is not a name.
citedesk: line 8: The question is empty.
citedesk: line 9: The question is not valid UTF-8.
"""
    )


def test_a_batch_is_done_whether_answered_or_not(in_room: Any, citedesk: Any) -> None:
    status, out, err = citedesk("ask", "--batch", "-", "--json", stdin=b"Why?\n")
    assert (status, [row["answered"] for row in rows(out)], err) == (0, [False], "")
    assert citedesk("ask", "--batch", "-") == (0, "", "")


@pytest.mark.parametrize(("name", "reason"), [("nope", "No such file or directory"), (".", "Is a directory")])
def test_a_batch_that_cannot_be_read(name: str, reason: str, in_room: Any, citedesk: Any) -> None:
    assert citedesk("ask", "--batch", name) == (1, "", f"citedesk: {name}: {reason}.\n")


# -- chat


def test_chat_through_a_pipe(in_room: Any, citedesk: Any, answered: str) -> None:
    status, out, err = citedesk("chat", stdin=b"Who came?\n/quit\nWhy?\n")
    assert (status, out, err) == (0, f"{answered}\n", "1 article on the desk default. /help lists the commands.\n")


def test_chat_as_json(in_room: Any, citedesk: Any) -> None:
    status, out, err = citedesk("chat", "--json", "--desk", "city", stdin=b'Who came?\n{"question": "Why?"}\n')
    assert (status, [row["question"] for row in rows(out)], err) == (0, ["Who came?", "Why?"], "")
    assert in_room.asked[-1] == ("Why?", ("city",), ["Who came? (alone)"])


def test_chat_as_json_says_which_line_is_none(in_room: Any, citedesk: Any) -> None:
    status, out, err = citedesk("chat", "--json", stdin=b"Who came?\n{\n")
    assert (status, len(rows(out))) == (1, 2)
    assert rows(out)[1] == {"line": 2, "error": "This begins like a JSON object, but is none."}
    assert err == "citedesk: line 2: This begins like a JSON object, but is none.\n"
