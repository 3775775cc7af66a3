"""What a scripted model does wrong or late, as langchain-openai's own client receives it, streamed and not."""

import asyncio
import json
from collections.abc import Iterator
from threading import Thread

import openai
import pytest
from langchain_openai import ChatOpenAI

from tests.model.replies import Gate, Reply, Silence, broken, cut, early, failure, raw, words
from tests.model.server import KEY, Model, async_chat, chat, nobody, serve_model

SOON = 0.3
"""Seconds until a client that is to lose patience does."""


def both(llm: ChatOpenAI) -> Iterator[Exception]:
    """What a client raises when the answer is wanted whole, and when it is streamed."""
    for ask in (llm.invoke, lambda question: [*llm.stream(question)]):
        with pytest.raises(Exception) as raised:  # noqa: PT011  which one, the tests say
            ask("Who came?")
        yield raised.value


# -- what goes wrong


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, openai.BadRequestError),
        (401, openai.AuthenticationError),
        (403, openai.PermissionDeniedError),
        (404, openai.NotFoundError),
        (429, openai.RateLimitError),
        (500, openai.InternalServerError),
        (503, openai.InternalServerError),
    ],
)
def test_an_error_arrives_as_the_library_s_own(
    model: Model, llm: ChatOpenAI, status: int, error: type[openai.APIStatusError]
) -> None:
    model.always(failure(status))
    for raised in both(llm):
        assert isinstance(raised, error)
        assert raised.status_code == status
        assert isinstance(raised.body, dict)
        assert raised.body["message"]


def test_an_error_may_have_a_body_and_headers_of_its_own(model: Model, llm: ChatOpenAI) -> None:
    model.fails(429, b'{"error": {"message": "Enough.", "code": "insufficient_quota"}}', {"Retry-After": "1"})
    with pytest.raises(openai.RateLimitError, match="Enough") as raised:
        llm.invoke("Who?")
    assert raised.value.code == "insufficient_quota"
    assert raised.value.response.headers["Retry-After"] == "1"


def test_a_wrong_key_is_repeated_whole(model: Model, llm: ChatOpenAI) -> None:
    model.fails(401)
    with pytest.raises(openai.AuthenticationError, match=KEY):
        llm.invoke("Who?")


def test_what_fails_once_is_answered_when_it_is_tried_again(model: Model) -> None:
    model.fails(429, headers={"retry-after-ms": "1"})
    model.says("Ann came.")
    with chat(model.url, max_retries=1) as llm:
        assert llm.invoke("Who?").text == "Ann came."
    assert len(model.requests) == 2


@pytest.mark.parametrize("reply", [cut("Ann came. Ben left.", after=2), Silence()], ids=["midway", "unanswered"])
def test_a_lost_connection_is_an_error(model: Model, llm: ChatOpenAI, reply: Reply) -> None:
    model.always(reply)
    for raised in both(llm):
        assert isinstance(raised, openai.APIConnectionError)
        assert not isinstance(raised, openai.APITimeoutError)


def test_words_that_came_before_the_cut_are_there(model: Model, llm: ChatOpenAI) -> None:
    model.says(cut("Ann came. Ben left.", after=2))
    stream = llm.stream("Who?")
    assert [next(stream).text for _ in range(3)] == ["", "Ann", " came."]
    with pytest.raises(openai.APIConnectionError):
        next(stream)


def test_a_stream_that_ends_early_is_told_by_the_missing_reason_alone(model: Model, llm: ChatOpenAI) -> None:
    model.says(early("Ann came. Ben left.", after=2))
    chunks = [*llm.stream("Who?")]
    assert "".join(chunk.text for chunk in chunks) == "Ann came."
    assert not any(chunk.response_metadata.get("finish_reason") for chunk in chunks)


def test_half_of_a_whole_answer_is_not_json(model: Model, llm: ChatOpenAI) -> None:
    model.says(early("Ann came. Ben left.", after=2))
    with pytest.raises(json.JSONDecodeError):
        llm.invoke("Who?")


def test_a_server_may_fail_in_the_middle_of_a_stream(model: Model, llm: ChatOpenAI) -> None:
    model.always(broken("Ann came. Ben left.", after=2))
    whole, stream = both(llm)
    assert isinstance(whole, openai.InternalServerError)
    assert isinstance(stream, openai.APIError)
    assert "had an error" in str(stream)


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (raw(b""), json.JSONDecodeError),
        (raw(b"Ann came."), json.JSONDecodeError),
        (raw(b"<html>Log in</html>", "text/html"), ValueError),
        (raw(b'{"object": "chat.completion"}'), TypeError),
        (raw(b'{"choices": []}'), IndexError),
    ],
    ids=["empty", "not JSON", "a page", "no choices", "an empty list of choices"],
)
def test_what_is_no_answer_is_an_error_of_python_s_own(
    model: Model, llm: ChatOpenAI, reply: Reply, error: type[Exception]
) -> None:
    model.always(reply)
    whole, stream = both(llm)
    assert type(whole) is error
    assert type(stream) is ValueError
    assert str(stream) == "No generation chunks were returned"


def test_nobody_listens_at_a_closed_port() -> None:
    with nobody() as url, chat(url) as llm:
        assert all(isinstance(raised, openai.APIConnectionError) for raised in both(llm))


# -- what takes its time


def test_silence_outlasts_patience(model: Model) -> None:
    gate = Gate()
    model.always(Silence(gate))
    with chat(model.url, timeout=SOON) as llm:
        assert all(isinstance(raised, openai.APITimeoutError) for raised in both(llm))
    assert gate.left.wait(5)


def test_a_slow_reply_comes_as_the_gate_lets_it(model: Model, llm: ChatOpenAI) -> None:
    gate = Gate()
    model.says(words("Ann came. [1]", gate=gate))
    stream = llm.stream("Who?")
    assert next(stream).text == ""
    gate.let(1)
    assert next(stream).text == "Ann"
    gate.let()
    assert "".join(chunk.text for chunk in stream) == " came. [1]"


def test_a_slow_reply_that_is_not_streamed_waits_as_a_whole(model: Model, llm: ChatOpenAI) -> None:
    gate = Gate()
    model.says(words("Ann came. [1]", gate=gate))
    said: list[str] = []
    asking = Thread(target=lambda: said.append(llm.invoke("Who?").text))
    asking.start()
    model.wait_for(1)
    assert said == []
    gate.let(1)
    asking.join()
    assert said == ["Ann came. [1]"]


def test_a_stream_that_stalls_outlasts_patience(model: Model) -> None:
    gate = Gate()
    gate.let(1)
    model.says(words("Ann came. [1]", gate=gate))
    with chat(model.url, timeout=SOON) as llm:
        stream = llm.stream("Who?")
        assert [next(stream).text for _ in range(2)] == ["", "Ann"]
        with pytest.raises(openai.APITimeoutError):
            next(stream)


def test_the_server_sees_that_a_reader_has_had_enough(model: Model, llm: ChatOpenAI) -> None:
    gate = Gate()
    gate.let(1)
    model.says(words("Ann came. [1]", gate=gate))
    stream = llm.stream("Who?")
    assert [next(stream).text for _ in range(2)] == ["", "Ann"]
    stream.close()  # type: ignore[attr-defined]  # a generator
    assert gate.left.wait(5)


def test_the_server_ends_while_it_holds_something_back() -> None:
    gate = Gate()
    with serve_model() as model, chat(model.url) as llm:
        model.says(words("Ann came.", gate=gate))
        stream = llm.stream("Who?")
        assert next(stream).text == ""
    assert gate.left.is_set()


# -- in a loop


def test_a_loop_is_served_too(model: Model) -> None:
    async def ask() -> list[str]:
        async with async_chat(model.url) as llm:
            whole = await llm.ainvoke("Who?")
            return [whole.text, "".join([chunk.text async for chunk in llm.astream("Who?")])]

    model.always("Ann came. [1]")
    assert asyncio.run(ask()) == asyncio.run(ask()) == ["Ann came. [1]", "Ann came. [1]"]


def test_the_server_sees_that_a_task_was_cancelled(model: Model) -> None:
    gate = Gate()

    async def give_up() -> None:
        async with async_chat(model.url) as llm:
            asking = asyncio.create_task(llm.ainvoke("Who?"))
            await asyncio.to_thread(model.wait_for, 1)
            asking.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asking

    model.says(Silence(gate))
    asyncio.run(give_up())
    assert gate.left.wait(5)
