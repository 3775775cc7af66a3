"""An answer shown as it grows: how often, what wins, and what becomes of it when something fails."""

import asyncio
from itertools import pairwise
from typing import Any

import aiohttp
import discord
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answer import Answer
from bot.answering import RESTARTING, BusyError
from bot.discord.growing import EVERY, HOLD, Growing
from bot.discord.show import QUIET, Spot
from bot.render.discord import answer_pages
from tests.bot.discord.pauses import Pauses
from tests.bot.render.test_terminal import answer, cite
from tests.strict.client import in_loop

QUOTE = "He spoke in September."
SAID = ("Ann came.", "Ben left.", "Cleo stayed.", "Dan slept.")


def grown(n: int) -> Answer:
    """An answer of which so many statements are known."""
    return answer(*((said, (1,)) for said in SAID[:n]), cited=(cite(1, QUOTE),))


class Sent:
    """A message that was sent, and all its wordings."""

    id = 7

    def __init__(self) -> None:
        self.wordings: list[str] = []
        self.others: list[str] = []
        self.fails: Exception | None = None
        self.opened = 0

    async def spot(self) -> Spot:
        self.opened += 1
        return Spot(self.word, lambda _: self.word, self.more)

    async def word(self, *, content: str, allowed_mentions: object, **_: Any) -> "Sent":
        assert allowed_mentions is QUIET
        if self.fails:
            raise self.fails
        self.wordings.append(content)
        return self

    async def more(self, *, content: str, **_: Any) -> "Sent":
        self.others.append(content)
        return self


class _Response:
    def __init__(self, status: int) -> None:
        self.status, self.reason = status, ""


DELETED = discord.NotFound(_Response(404), {"code": 10008, "message": "Unknown Message"})  # type: ignore[arg-type]
DENIED = discord.Forbidden(_Response(403), {"code": 50013, "message": "Missing"})  # type: ignore[arg-type]


@in_loop
async def test_an_answer_that_is_whole_at_once_is_sent_once_and_without_a_pause() -> None:
    sent, pauses = Sent(), Pauses()
    growing = Growing(sent.spot, pauses)
    growing.sees(grown(1))
    await asyncio.sleep(0)
    await growing.stops()
    assert await growing.ends(answer_pages(grown(1))) == ["7"]
    assert sent.wordings == list(answer_pages(grown(1)))
    assert pauses.asked == [HOLD]


@in_loop
async def test_what_is_known_is_shown_and_what_comes_within_a_second_waits_for_the_next_wording() -> None:
    sent, pauses = Sent(), Pauses()
    growing = Growing(sent.spot, pauses)
    growing.sees(grown(1))
    await pauses.end(HOLD)
    growing.sees(grown(2))
    growing.sees(grown(3))
    assert sent.wordings == ["Ann came. [1]\n-# More may follow."]
    await pauses.end(EVERY)
    await pauses.end(HOLD)
    assert sent.wordings[1:] == ["Ann came. [1] Ben left. [1] Cleo stayed. [1]\n-# More may follow."]
    await pauses.end(EVERY)
    await growing.stops()
    await growing.ends(answer_pages(grown(4)))
    assert sent.wordings[2:] == list(answer_pages(grown(4)))
    assert (sent.opened, sent.others) == (1, [])


@in_loop
async def test_the_whole_answer_waits_for_the_second_after_the_wording_before_it() -> None:
    sent, pauses = Sent(), Pauses()
    growing = Growing(sent.spot, pauses)
    growing.sees(grown(1))
    await pauses.end(HOLD)
    growing.sees(grown(2))
    stopping = asyncio.create_task(growing.stops())
    await asyncio.sleep(0)
    assert not stopping.done()
    await pauses.end(EVERY)
    await stopping
    assert len(sent.wordings) == 1
    assert not pauses.pausing


@in_loop
async def test_a_wording_that_is_on_its_way_is_awaited() -> None:
    sent, pauses, arrives = Sent(), Pauses(), asyncio.Event()
    word = sent.word

    async def slow(**what: Any) -> Sent:
        await arrives.wait()
        return await word(**what)

    sent.word = slow  # type: ignore[method-assign]
    growing = Growing(sent.spot, pauses)
    growing.sees(grown(1))
    await pauses.end(HOLD)
    stopping = asyncio.create_task(growing.stops())
    for _ in range(3):
        await asyncio.sleep(0)
    assert (stopping.done(), sent.wordings) == (False, [])
    arrives.set()
    await pauses.end(EVERY)
    await stopping
    await growing.ends(answer_pages(grown(1)))
    assert len(sent.wordings) == 2


@in_loop
async def test_what_says_nothing_new_on_the_first_page_is_not_sent() -> None:
    long = answer(*((f"{'Word ' * 190}{n}.", (1,)) for n in range(4)), cited=(cite(1, QUOTE),))
    sent, pauses = Sent(), Pauses()
    growing = Growing(sent.spot, pauses)
    for known in (long, long.model_copy(update={"statements": (*long.statements, *grown(1).statements)})):
        growing.sees(known)
        await pauses.end(HOLD)
        if len(pauses.asked) == 2:
            await pauses.end(EVERY)
    assert pauses.asked == [HOLD, EVERY, HOLD]
    assert len(sent.wordings) == 1
    await growing.ends(answer_pages(long))
    assert sent.others == list(answer_pages(long)[1:])


@in_loop
async def test_of_an_answer_that_fails_what_is_shown_stays_with_its_sources_and_a_line() -> None:
    sent, pauses = Sent(), Pauses()
    growing = Growing(sent.spot, pauses)
    growing.sees(grown(1))
    await pauses.end(HOLD)
    growing.sees(grown(2))
    breaking = asyncio.create_task(growing.breaks_off(BusyError(RESTARTING)))
    await pauses.end(EVERY)
    assert await breaking
    assert sent.wordings[-1].startswith("Ann came. [1] Ben left. [1]\n\n[1] Russia ratifies pact")
    assert sent.wordings[-1].endswith(f"\n-# The answer breaks off here. {RESTARTING}")


@in_loop
async def test_an_answer_that_fails_before_anything_is_shown_is_not_begun() -> None:
    sent = Sent()
    growing = Growing(sent.spot, Pauses())
    assert not await growing.breaks_off(BusyError(RESTARTING))
    growing.sees(grown(1))
    await asyncio.sleep(0)
    assert not await growing.breaks_off(BusyError(RESTARTING))
    assert (sent.opened, sent.wordings) == (0, [])


@in_loop
async def test_a_message_that_is_deleted_meanwhile_is_the_end(caplog: pytest.LogCaptureFixture) -> None:
    sent, pauses = Sent(), Pauses()
    growing = Growing(sent.spot, pauses)
    growing.sees(grown(1))
    await pauses.end(HOLD)
    growing.sees(grown(2))
    await pauses.end(EVERY)
    sent.fails = DELETED
    await pauses.end(HOLD)
    growing.sees(grown(3))
    await pauses.end(EVERY)
    assert not pauses.pausing
    assert await growing.breaks_off(BusyError(RESTARTING))
    assert await growing.ends(answer_pages(grown(4))) == []
    assert (len(sent.wordings), sent.others, caplog.records) == (1, [], [])


@in_loop
async def test_a_message_that_is_deleted_before_the_last_wording_is_the_end_too() -> None:
    sent, pauses = Sent(), Pauses()
    growing = Growing(sent.spot, pauses)
    growing.sees(grown(1))
    await pauses.end(HOLD)
    await pauses.end(EVERY)
    sent.fails = DELETED
    assert await growing.ends(answer_pages(grown(2))) == []


@pytest.mark.parametrize("failure", [DENIED, aiohttp.ClientError(), OSError()], ids=lambda error: type(error).__name__)
@in_loop
async def test_what_cannot_be_shown_early_is_tried_once_more_when_it_is_whole(
    failure: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    sent, pauses = Sent(), Pauses()
    growing = Growing(sent.spot, pauses)
    sent.fails = failure
    growing.sees(grown(1))
    await pauses.end(HOLD)
    growing.sees(grown(2))
    await pauses.end(EVERY)
    await growing.stops()
    assert pauses.asked == [HOLD, EVERY]
    assert len(caplog.records) == 1
    with pytest.raises(type(failure)):
        await growing.ends(answer_pages(grown(2)))
    sent.fails = None
    await growing.ends(answer_pages(grown(2)))
    assert sent.wordings == list(answer_pages(grown(2)))


@settings(deadline=None, max_examples=50)
@given(st.lists(st.sampled_from(["grows", "time"]), max_size=20))
def test_however_it_grows_nothing_is_taken_back_and_a_second_lies_between(steps: list[str]) -> None:
    async def shown() -> tuple[list[str], list[float]]:
        sent, pauses, known = Sent(), Pauses(), 0
        growing = Growing(sent.spot, pauses)
        for step in steps:
            if step == "grows":
                known = min(known + 1, len(SAID))
                growing.sees(grown(known))
                await asyncio.sleep(0)
            elif pauses.pausing:
                await pauses.end(pauses.asked[-1])
        after_a_wording = pauses.pausing and pauses.asked[-1] == EVERY
        stopping = asyncio.create_task(growing.stops())
        if after_a_wording:
            await pauses.end(EVERY)
        await stopping
        await growing.ends(answer_pages(grown(len(SAID))))
        return sent.wordings, pauses.asked

    wordings, asked = asyncio.run(shown())
    bare = [wording.partition("\n")[0] for wording in wordings]
    assert all(later.startswith(earlier) for earlier, later in pairwise(bare))
    assert len(set(wordings)) == len(wordings)
    assert wordings[-1:] == list(answer_pages(grown(len(SAID))))
    assert asked.count(EVERY) == len(wordings) - 1
