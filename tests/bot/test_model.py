"""What a model needs is said by name before the first question, and no key is ever shown."""

from pathlib import Path

import pytest
from langchain_openai import ChatOpenAI

from bot.chain import build_chain
from bot.model import ANY_KEY, key_of, load_model
from bot.settings import Settings
from ingest.errors import SettingsError

KEY = "sk-the-s3cret-key"


@pytest.fixture(autouse=True)
def _no_key(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GOOGLE_API_KEY", "GEMINI_API_KEY"):
        monkeypatch.delenv(name, raising=False)


def key_that_is_sent(model: object) -> str:
    assert isinstance(model, ChatOpenAI)
    key = model.root_client.api_key
    assert isinstance(key, str)
    return key


def test_a_model_is_made_ready_with_its_key_and_its_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    model = load_model(Settings(model="openai:gpt-4.1"))
    assert isinstance(model, ChatOpenAI)
    assert (model.model_name, model.temperature, model.max_retries, model.request_timeout) == ("gpt-4.1", 0, 0, 50)
    assert key_that_is_sent(model) == KEY


def test_a_key_may_stand_in_the_file_of_settings_and_the_environment_goes_before_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Path(".env").write_text("OPENAI_API_KEY=from-file\n")
    assert key_that_is_sent(load_model(Settings(model="openai:gpt"))) == "from-file"
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    assert key_that_is_sent(load_model(Settings(model="openai:gpt"))) == KEY


def test_a_server_of_one_s_own_needs_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(model="openai:local", model_base_url="http://127.0.0.1:9/v1")
    model = load_model(settings)
    assert key_that_is_sent(model) == ANY_KEY
    assert isinstance(model, ChatOpenAI)
    assert model.openai_api_base == "http://127.0.0.1:9/v1"
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    assert key_that_is_sent(load_model(settings)) == KEY


def test_a_model_that_knows_one_temperature_is_told_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    model = load_model(Settings(model="openai:o3-mini"))
    assert isinstance(model, ChatOpenAI)
    assert model.temperature is None


@pytest.mark.parametrize(
    ("model", "message"),
    [
        ("openai:gpt", "OPENAI_API_KEY is not set. To mend it: set OPENAI_API_KEY in .env."),
        (
            "anthropic:claude",
            "the package for anthropic is not installed. To mend it: pip install 'citedesk[anthropic]'.",
        ),
        (
            "google_genai:gemini",
            "the package for google_genai is not installed. To mend it: pip install 'citedesk[google]'.",
        ),
        ("ollama:llama", "the package for ollama is not installed. To mend it: pip install 'citedesk[ollama]'."),
        ("groq:llama", "the package for groq is not installed. To mend it: pip install langchain-groq."),
        ("nope:x", "LangChain knows no provider nope. To mend it: see CITEDESK_MODEL in README.md."),
    ],
)
def test_what_is_missing_is_said_when_the_chain_is_built(model: str, message: str, home: Path) -> None:
    with pytest.raises(SettingsError) as error:
        build_chain(Settings(model=model))
    assert str(error.value) == f"CITEDESK_MODEL={model}: {message}"
    assert not home.exists()


def test_the_usual_variable_goes_before_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    assert key_of(("GOOGLE_API_KEY", "GEMINI_API_KEY")) == ""
    monkeypatch.setenv("GEMINI_API_KEY", "other")
    assert key_of(("GOOGLE_API_KEY", "GEMINI_API_KEY")) == "other"
    monkeypatch.setenv("GOOGLE_API_KEY", "usual")
    assert key_of(("GOOGLE_API_KEY", "GEMINI_API_KEY")) == "usual"
