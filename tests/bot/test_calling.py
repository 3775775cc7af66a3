"""A call to a model over a real connection: what is tried again, what is not, and that it ends in time."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from langchain_core.messages import HumanMessage
from langchain_openai import ChatOpenAI

from bot.calling import Caller, ModelError
from tests.model.replies import (
    Gate,
    Reply,
    Silence,
    broken,
    cut,
    failure,
    raw,
    refusal,
    words,
)  # fmt: skip
from tests.model.server import KEY, Model, chat, nobody, serve_model

BUSY = failure(429, headers={"Retry-After": "3"})


@dataclass
class Asking:
    """A model, what is asked of it, and the pauses that were made."""

    model: Model
    llm: ChatOpenAI
    pauses: list[float] = field(default_factory=list)

    def ask(self, limit: float = 20, clock: Callable[[], float] | None = None) -> Iterator[str]:
        caller = Caller(self.llm, sleep=self.pauses.append)
        if clock:
            caller = Caller(self.llm, clock=clock, sleep=self.pauses.append)
        return caller.ask([HumanMessage("Who came?")], limit)

    def failure(self, limit: float = 20) -> ModelError:
        with pytest.raises(ModelError) as failed:
            [*self.ask(limit)]
        return failed.value


@pytest.fixture
def asking() -> Iterator[Asking]:
    with serve_model() as model, chat(model.url, stream_usage=True) as llm:
        yield Asking(model, llm)


def test_the_words_come_in_pieces(asking: Asking) -> None:
    asking.model.says("Ann came. [1]")
    assert [*asking.ask()] == ["Ann", " came.", " [1]"]


def test_a_piece_is_there_before_the_next_was_written(asking: Asking) -> None:
    gate = Gate()
    asking.model.says(words("Ann came.", gate=gate))
    pieces = asking.ask()
    gate.let(1)
    assert next(pieces) == "Ann"
    gate.let()
    assert [*pieces] == [" came."]


def test_who_stops_reading_hangs_up(asking: Asking) -> None:
    gate = Gate()
    asking.model.says(words("Ann came. Ben left.", gate=gate))
    pieces = asking.ask()
    gate.let(1)
    next(pieces)
    pieces.close()  # type: ignore[attr-defined]
    gate.let(1)
    assert gate.left.wait(5)


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (failure(400), "The model's server rejected the request."),
        (failure(401), "The model's server does not accept the key."),
        (failure(403), "The model's server does not let this key use the model."),
        (
            failure(404),
            "The model's server has no such model; check CITEDESK_MODEL and CITEDESK_MODEL_BASE_URL.",
        ),
        (raw(b""), "What the model's server sent could not be read."),
        (raw(b"<html>Hello</html>", "text/html"), "What the model's server sent could not be read."),
        (raw(b"not json"), "What the model's server sent could not be read."),
        (raw(b'{"object": "nothing"}'), "What the model's server sent could not be read."),
    ],
)
def test_what_another_try_would_not_help_is_not_tried_again(asking: Asking, reply: Reply, said: str) -> None:
    asking.model.says(reply)
    assert str(asking.failure()) == said
    assert (len(asking.model.requests), asking.pauses) == (1, [])


@pytest.mark.parametrize("reply", [failure(500), failure(503), Silence()], ids=["500", "503", "hung up"])
def test_a_server_that_fails_once_is_asked_again_after_a_pause(asking: Asking, reply: Reply) -> None:
    asking.model.says(reply, "Ann came.")
    assert "".join(asking.ask()) == "Ann came."
    assert asking.pauses == [1]


def test_a_server_that_keeps_failing_is_asked_three_times(asking: Asking) -> None:
    asking.model.always(failure(503))
    assert str(asking.failure()) == "The model's server failed."
    assert (len(asking.model.requests), asking.pauses) == (3, [1, 2])


def test_a_busy_server_says_how_long_to_wait(asking: Asking) -> None:
    asking.model.says(BUSY, "Ann came.")
    assert "".join(asking.ask()) == "Ann came."
    assert asking.pauses == [3]


def test_a_busy_server_is_not_waited_for_longer_than_there_is_time(asking: Asking) -> None:
    asking.model.says(BUSY)
    assert str(asking.failure(limit=2)) == "The model's server has had too many requests."
    assert asking.pauses == []


@pytest.mark.parametrize("reply", [cut("Ann came. Ben left.", after=2), broken("Ann came. Ben left.", after=2)])
def test_what_was_said_before_the_connection_was_lost_is_not_said_again(asking: Asking, reply: Reply) -> None:
    asking.model.says(reply)
    pieces = asking.ask()
    assert [next(pieces), next(pieces)] == ["Ann", " came."]
    with pytest.raises(ModelError):
        next(pieces)
    assert len(asking.model.requests) == 1


def test_nobody_there_is_tried_and_then_said() -> None:
    pauses: list[float] = []
    with nobody() as url, chat(url) as llm, pytest.raises(ModelError, match=r"^The connection .* was lost\.$"):
        [*Caller(llm, sleep=pauses.append).ask([HumanMessage("Who?")], 20)]
    assert pauses == [1, 2]


@pytest.mark.parametrize("passed", [0, 1], ids=["before the first word", "in the middle"])
def test_a_model_that_takes_too_long_is_given_up(asking: Asking, passed: int) -> None:
    gate = Gate()
    asking.model.says(words("Ann came.", gate=gate))
    gate.let(passed)
    assert str(asking.failure(limit=0.2)) == "The model took too long."
    assert len(asking.model.requests) == 1
    gate.let()


def test_what_its_makers_do_not_let_it_say_is_nothing(asking: Asking) -> None:
    asking.model.says(refusal("I cannot help with that."))
    assert "".join(asking.ask()) == ""


def test_the_key_is_in_the_header_alone(asking: Asking, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    asking.model.says(failure(401, f'{{"error": {{"message": "Wrong key {KEY}"}}}}'.encode()))
    failed = asking.failure()
    [request] = asking.model.requests
    assert KEY not in f"{failed} {failed!r} {failed.__cause__} {caplog.text} {request.prompt}"
    assert "status 401" in caplog.text


def test_the_tokens_that_were_used_are_logged(asking: Asking, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "bot.calling")
    asking.model.says("Ann came.")
    [*asking.ask()]
    assert "tokens read" in caplog.text
