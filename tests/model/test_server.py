"""What the scripted model says and was asked, as langchain-openai's own client has it, streamed and not."""

import openai
import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.messages import HumanMessage, SystemMessage
from langchain_openai import ChatOpenAI

from tests.model.replies import good, long, pieces, refusal, words
from tests.model.server import KEY, NAME, Model, Script, chat, serve_model
from tests.model.wire import Request


def streamed(llm: ChatOpenAI) -> str:
    return "".join(chunk.text for chunk in llm.stream("Who came?"))


# -- what is said


def test_replies_are_given_once_each_in_order(model: Model, llm: ChatOpenAI) -> None:
    model.says("Ann came. [1]", "Ben left. [2]")
    assert [llm.invoke("Who?").text, llm.invoke("And then?").text] == ["Ann came. [1]", "Ben left. [2]"]
    assert model.unsaid == 0


def test_a_reply_is_streamed_word_by_word(model: Model, llm: ChatOpenAI) -> None:
    model.says("Ann came. [1]")
    assert [chunk.text for chunk in llm.stream("Who?") if chunk.text] == ["Ann", " came.", " [1]"]


def test_a_reply_is_streamed_in_the_pieces_that_a_test_gives(model: Model, llm: ChatOpenAI) -> None:
    model.says(pieces("20", ",000 men. [", "1]"))
    assert [chunk.text for chunk in llm.stream("How many?") if chunk.text] == ["20", ",000 men. [", "1]"]


def test_a_reply_may_depend_on_the_request_also_when_many_come_at_once(model: Model, llm: ChatOpenAI) -> None:
    model.always(lambda request: f"{request.prompt.split()[0]} came.")
    assert [said.text for said in llm.batch(["Ann?", "Ben?", "Cleo?"])] == ["Ann? came.", "Ben? came.", "Cleo? came."]


def test_what_is_always_said_waits_for_what_is_said_next(model: Model, llm: ChatOpenAI) -> None:
    model.always("Ann came.")
    model.says("Ben left.")
    assert [llm.invoke("Who?").text for _ in range(3)] == ["Ben left.", "Ann came.", "Ann came."]


def test_a_question_too_many_is_a_fault_of_the_test() -> None:
    with pytest.raises(AssertionError, match="more than was scripted: Who came"):
        ask_at_fault()


def test_a_fault_in_a_script_is_a_fault_of_the_test() -> None:
    def script(request: Request) -> str:
        assert "Ann" in request.prompt
        return ""

    with pytest.raises(AssertionError, match="assert 'Ann' in"):
        ask_at_fault(script)


def ask_at_fault(*scripts: Script) -> None:
    """What a test with a faulty script does: its client is refused, and the fault is raised when all is over."""
    with serve_model() as model, chat(model.url) as llm:
        model.says(*scripts)
        with pytest.raises(openai.BadRequestError):
            llm.invoke("Who came?")


def test_a_good_answer_has_the_numbers_after_each_sentence() -> None:
    assert good(("Ann came.", 1), ("Ben left.", 1, 2)) == "Ann came. [1] Ben left. [1][2]"


@given(st.text())
def test_words_are_the_text_in_pieces(text: str) -> None:
    assert words(text).text == text
    assert all(words(text).pieces)


@given(st.integers(0, 2000))
def test_a_long_reply_has_exactly_so_many_characters(characters: int) -> None:
    assert len(long(characters).text) == characters


def test_a_hundred_thousand_characters_arrive(model: Model, llm: ChatOpenAI) -> None:
    model.says(long(100_000), long(100_000))
    assert llm.invoke("Who?").text == streamed(llm) == long(100_000).text


@pytest.mark.parametrize("finish", ["stop", "length", "content_filter"])
def test_why_a_reply_ended_is_told(model: Model, llm: ChatOpenAI, finish: str) -> None:
    model.says(words("Ann came.", finish=finish), words("Ann came.", finish=finish))
    assert llm.invoke("Who?").response_metadata["finish_reason"] == finish
    reasons = [chunk.response_metadata.get("finish_reason") for chunk in llm.stream("Who?")]
    assert [reason for reason in reasons if reason] == [finish]


def test_tokens_are_counted_in_streams_that_ask_for_it_alone(model: Model, llm: ChatOpenAI) -> None:
    model.always("Ann came. [1]")
    usage = llm.invoke("Who came?").usage_metadata
    assert usage
    assert (usage["input_tokens"], usage["output_tokens"]) == (2, 3)
    assert [chunk.usage_metadata for chunk in llm.stream("Who came?") if chunk.usage_metadata] == [usage]
    assert not any(chunk.usage_metadata for chunk in llm.stream("Who came?", stream_usage=False))


def test_an_empty_reply_arrives_as_no_words(model: Model, llm: ChatOpenAI) -> None:
    model.always("")
    assert llm.invoke("Who?").text == streamed(llm) == ""


def test_a_refusal_has_no_content_and_a_stream_of_it_says_nothing(model: Model, llm: ChatOpenAI) -> None:
    model.always(refusal("I cannot help."))
    said = llm.invoke("Who?")
    assert (said.text, said.additional_kwargs["refusal"]) == ("", "I cannot help.")
    assert streamed(llm) == ""


# -- what was asked


def test_requests_are_kept_as_they_came(model: Model, llm: ChatOpenAI) -> None:
    model.says("Ann came.")
    llm.invoke([SystemMessage("Quote."), HumanMessage("Who came?")], temperature=0)
    (request,) = model.requests
    assert request.messages == [("system", "Quote."), ("user", "Who came?")]
    assert request.prompt == "Quote.\n\nWho came?"
    assert request.body["temperature"] == 0
    assert (request.model, request.streams) == (NAME, False)


def test_the_parts_of_a_message_are_one_text(model: Model, llm: ChatOpenAI) -> None:
    model.says("Ann came.")
    llm.invoke([HumanMessage([{"type": "text", "text": "Who "}, {"type": "text", "text": "came?"}])])
    assert model.requests[0].prompt == "Who came?"


def test_the_key_is_in_the_header_alone(model: Model, llm: ChatOpenAI) -> None:
    model.says("Ann came.")
    llm.invoke("Who?")
    (request,) = model.requests
    assert request.key == KEY
    assert KEY.encode() not in request.raw
    assert [name for name, value in request.headers.items() if KEY in value] == ["authorization"]


def test_the_models_are_listed(model: Model, llm: ChatOpenAI) -> None:
    assert [each.id for each in llm.root_client.models.list()] == [NAME]
    assert model.requests == []


def test_a_wrong_address_is_not_found(model: Model) -> None:
    with chat(model.url.removesuffix("/v1")) as llm, pytest.raises(openai.NotFoundError):
        llm.invoke("Who?")
    assert model.requests == []
