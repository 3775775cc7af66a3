"""A scripted model and a client of it for each test."""

from collections.abc import Iterator

import pytest
from langchain_openai import ChatOpenAI

from tests.model.server import Model, chat, serve_model


@pytest.fixture
def model() -> Iterator[Model]:
    with serve_model() as model:
        yield model


@pytest.fixture
def llm(model: Model) -> Iterator[ChatOpenAI]:
    with chat(model.url, stream_usage=True) as llm:
        yield llm
