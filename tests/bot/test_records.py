"""What the records keep: in SQLite, and also in PostgreSQL where CITEDESK_TEST_POSTGRES is the URL of one."""

import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, timedelta, timezone
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answer import Answer
from bot.asked import Asked
from bot.desks import ChannelRules
from bot.records import Asker, Logged, Records, Votes, Watch, open_records
from bot.settings import Settings
from tests.bot.conftest import fake_answer
from tests.bot.recorded import ANSWER, ASKER, KINDS, NOW, at, failure, log, place

ROOT = Path(__file__).parents[2]
REFUSAL = fake_answer(Asked("Why?", ("default",)))

Open = Callable[[], Records]


@pytest.fixture(params=KINDS)
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Open]:
    """Opens the same records, again and again."""
    with place(request.param) as url:
        yield lambda: at(tmp_path, url)


@pytest.fixture
def records(opened: Open) -> Iterator[Records]:
    with opened() as records:
        yield records


def by_message(records: Records, message: str) -> Logged | None:
    return records.logged_by_messages([message]).get(message)


# -- channels and desks


def test_a_channel_that_nothing_is_set_for_has_the_rules_that_hold_anyway(records: Records) -> None:
    assert records.rules("7", "70") == ChannelRules(None, "thread")


def test_desk_and_mode_of_a_channel_are_set_one_by_one(records: Records) -> None:
    records.set_desk("7", "70", "g7.sport")
    assert records.rules("7", "70") == ChannelRules("g7.sport", "thread")
    records.set_mode("7", "70", "off")
    assert records.rules("7", "70") == ChannelRules("g7.sport", "off")
    records.set_desk("7", "70", None)
    assert records.rules("7", "70") == ChannelRules(None, "off")


def test_what_is_set_for_a_channel_holds_nowhere_else(records: Records) -> None:
    records.set_desk("7", "70", "g7.sport")
    assert records.rules("7", "71") == records.rules("8", "70") == ChannelRules()


def test_a_desk_is_made_once_and_for_one_guild(records: Records) -> None:
    assert records.create_desk("7", "sport", "700", NOW)
    assert not records.create_desk("7", "sport", "701", NOW)
    assert records.create_desk("7", "culture", "700", NOW)
    assert records.create_desk("8", "sport", "800", NOW)
    assert records.desks("7") == ("culture", "sport")
    assert records.desks("9") == ()


# -- answers


@pytest.mark.parametrize("answer", [ANSWER, REFUSAL, ANSWER.model_copy(update={"citations": ()})])
@pytest.mark.parametrize("asker", [ASKER, Asker(None, "70", "700")])
def test_an_answer_is_read_back_as_it_was_given(records: Records, answer: Answer, asker: Asker) -> None:
    assert records.logged(log(records, answer, asker)) == Logged("a0", answer, asker, NOW, Votes(0, 0), "settings")


def test_the_moment_of_a_question_is_kept_whatever_its_time_zone(records: Records) -> None:
    there = NOW.astimezone(timezone(timedelta(hours=-9)))
    kept = records.logged(records.log(ANSWER, ASKER, there, ""))
    assert kept
    assert (kept.asked_at, kept.asked_at.tzinfo) == (NOW, UTC)


def test_an_answer_is_found_by_each_message_that_shows_it(records: Records) -> None:
    first, second = log(records), log(records, REFUSAL)
    records.shown(first, ["1", "2"])
    records.shown(first, ["2", "3"])
    records.shown(second, ["4"])
    assert by_message(records, "3") == records.logged(first)
    found = records.logged_by_messages(["4", "1", "2", "unknown"])
    assert {message: logged.id for message, logged in found.items()} == {"1": first, "2": first, "4": second}
    assert found["4"].answer == REFUSAL


def test_the_past_is_read_newest_first_and_from_a_moment_on(records: Records) -> None:
    ids = [records.log(ANSWER, ASKER, NOW + timedelta(hours=hour), "settings") for hour in (0, 2, 1)]
    assert [logged.id for logged in records.past()] == [ids[1], ids[2], ids[0]]
    assert [logged.id for logged in records.past(NOW + timedelta(hours=1))] == [ids[1], ids[2]]
    assert [*records.past(NOW + timedelta(days=1))] == []


def test_an_answer_that_has_an_id_is_kept_once(records: Records) -> None:
    for answer in (ANSWER, REFUSAL):
        assert records.log(answer, ASKER, NOW, "settings", id="mine") == "mine"
    assert [logged.answer for logged in records.past()] == [ANSWER]


def test_messages_that_can_be_edited_are_found_by_the_articles_that_they_cite(records: Records) -> None:
    first, second, private, refusal = log(records), log(records), log(records), log(records, REFUSAL)
    for id, messages, channel in ((first, ["10", "9"], "70"), (second, ["11"], "71"), (refusal, ["12"], "70")):
        records.shown(id, messages, channel)
    records.shown(private, ["13"])
    assert records.cited(NOW) == {("a1", "sha256:1")}
    assert records.cited(NOW + timedelta(seconds=1)) == set()
    found = records.shown_citing(["a1"], NOW)
    assert sorted((shown.channel, shown.messages) for shown in found) == [("70", ("9", "10")), ("71", ("11",))]
    assert found[0].answer == ANSWER
    assert records.shown_citing(["a2"], NOW) == []

    assert records.tell(["9", "10"], NOW)
    assert not records.tell(["9", "10"], NOW)
    assert [shown.channel for shown in records.shown_citing(["a1"], NOW)] == ["71"]


def test_what_is_not_there_is_none(records: Records) -> None:
    assert records.logged("unknown") is None
    assert by_message(records, "unknown") is None
    assert records.logged_by_messages([]) == {}
    assert records.kept("unknown") is None


def test_an_answer_that_is_not_there_can_be_neither_shown_nor_voted_for(records: Records) -> None:
    known = log(records)
    assert failure(lambda: records.vote("unknown", "1", 1, NOW)) == "There is no such answer in the records."
    assert failure(lambda: records.shown("unknown", ["1"])) == "There is no such answer in the records."
    assert by_message(records, "1") is None
    assert records.vote(known, "1", 1, NOW) == Votes(1, 0)


def test_answers_have_ids_that_nobody_can_guess(tmp_path: Path) -> None:
    with open_records(Settings(home=tmp_path, database_url="")) as records:
        ids = {log(records) for _ in range(20)}
    assert len(ids) == 20
    assert all(len(id) == 16 and int(id, 16) >= 0 for id in ids)


def test_every_span_that_an_answer_cites_is_kept_to_be_looked_for(tmp_path: Path) -> None:
    with at(tmp_path) as records:
        log(records)
        log(records, REFUSAL)
    with closing(sqlite3.connect(tmp_path / "records.sqlite3")) as database:
        cited = database.execute("SELECT * FROM citations JOIN answers ON answer_id = id WHERE answered").fetchall()
    assert [row[:6] for row in cited] == [("a0", 1, "a1", "sha256:1", 0, 9)]


def test_an_answer_is_kept_with_all_that_belongs_to_it_or_not_at_all(records: Records) -> None:
    twice = ANSWER.model_copy(update={"citations": ANSWER.citations * 2})
    assert failure(lambda: log(records, twice)).endswith(": it failed (IntegrityError).")
    assert records.logged("a0") is None
    assert log(records) == "a1"


def test_an_answer_of_another_version_is_refused(tmp_path: Path) -> None:
    with at(tmp_path) as records:
        id = log(records)
        with closing(sqlite3.connect(tmp_path / "records.sqlite3")) as database, database:
            database.execute("UPDATE answers SET answer = '{}'")
        assert failure(lambda: records.logged(id)) == (
            "That answer was kept by another version of Citedesk, and cannot be shown again."
        )


# -- feeds


def test_a_feed_is_watched_by_a_channel_once_and_what_a_look_left_is_kept(records: Records) -> None:
    watch = Watch("1", "2", "https://x.test/feed", post=False)
    assert records.watch(watch, "9", NOW)
    records.looked(watch, "known")
    assert not records.watch(watch._replace(post=True), "9", NOW)  # it may be told of what is new from now on
    assert records.watched() == records.watched(guild_id="1") == (watch._replace(post=True, known="known"),)
    assert records.watched(guild_id="1", channel_id="3") == ()
    assert not records.unwatch("1", "3", watch.feed)
    assert records.unwatch("1", "2", watch.feed)
    records.looked(watch, "too late")
    assert records.watched() == ()


# -- votes


def test_a_vote_can_be_changed_and_counts_once(records: Records) -> None:
    id = log(records)
    assert records.vote(id, "1", 1, NOW) == Votes(1, 0)
    assert records.vote(id, "1", 1, NOW) == Votes(1, 0)
    assert records.vote(id, "2", -1, NOW) == Votes(1, 1)
    assert records.vote(id, "1", -1, NOW) == Votes(0, 2)
    logged = records.logged(id)
    assert logged
    assert logged.votes == Votes(0, 2)


def test_votes_for_one_answer_are_none_for_another(records: Records) -> None:
    first, second = log(records), log(records)
    records.vote(first, "1", 1, NOW)
    assert records.vote(second, "1", -1, NOW) == Votes(0, 1)


def reasons(home: Path) -> list[str | None]:
    with closing(sqlite3.connect(home / "records.sqlite3")) as database:
        return [reason for (reason,) in database.execute("SELECT reason FROM votes ORDER BY user_id")]


def test_a_reason_can_come_later_and_goes_with_its_vote(tmp_path: Path) -> None:
    with at(tmp_path) as records:
        id = log(records)
        records.vote(id, "1", -1, NOW)
        assert reasons(tmp_path) == [None]
        assert records.vote(id, "1", -1, NOW, "It is out of date.") == Votes(0, 1)
        records.vote(id, "1", -1, NOW)
        assert reasons(tmp_path) == ["It is out of date."]
        records.vote(id, "1", 1, NOW)
        assert reasons(tmp_path) == [None]


@pytest.fixture(scope="module")
def shared_records(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Records]:
    with at(tmp_path_factory.mktemp("records")) as records:
        yield records


@settings(max_examples=30, deadline=None)  # each vote waits for the disk
@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from((1, -1))), max_size=8))
def test_the_last_vote_of_each_person_is_what_counts(
    shared_records: Records, cast: list[tuple[str, Literal[1, -1]]]
) -> None:
    id = log(shared_records)
    for user, value in cast:
        shared_records.vote(id, user, value, NOW)
    last = list(dict(cast).values())
    logged = shared_records.logged(id)
    assert logged
    assert logged.votes == Votes(last.count(1), last.count(-1))


# -- facts


def test_a_fact_is_kept_until_it_is_another(records: Records) -> None:
    records.keep("commands", "abc")
    records.keep("commands", "def")
    assert records.kept("commands") == "def"


# -- restarts, and many at once


def test_everything_is_there_after_a_restart(opened: Open) -> None:
    with opened() as records:
        id = log(records)
        records.shown(id, ["1"])
        records.vote(id, "1", 1, NOW)
        records.set_mode("7", "70", "reply")
        records.create_desk("7", "sport", "700", NOW)
        records.keep("commands", "abc")
    with opened() as records:
        assert by_message(records, "1") == Logged(id, ANSWER, ASKER, NOW, Votes(1, 0), "settings")
        assert records.rules("7", "70").mode == "reply"
        assert records.desks("7") == ("sport",)
        assert records.kept("commands") == "abc"


def test_threads_share_the_records(records: Records) -> None:
    id = log(records)

    def work(n: int) -> bool:
        records.set_mode("7", "70", "reply")
        records.vote(id, str(n % 8), 1, NOW)
        return records.create_desk("7", "sport", str(n), NOW)

    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(work, range(48)))
    assert made.count(True) == 1
    logged = records.logged(id)
    assert logged
    assert logged.votes == Votes(8, 0)
