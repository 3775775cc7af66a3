"""The language model of ``CITEDESK_MODEL``: made ready by LangChain, or what is missing for it, said at the start."""

import os
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from bot.calling import LIMIT
from ingest.errors import SettingsError

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from bot.settings import Settings

ANY_KEY = "none"
"""The key that is sent to an OpenAI-compatible server of one's own when none is set: most ask for none."""

_FIXED_TEMPERATURE = re.compile(r"openai:o\d")
"""OpenAI's models that refuse every temperature but their own."""


class _Provider(NamedTuple):
    """How a provider is spelt among our extras, and the variables that may hold its key, the usual one first."""

    extra: str
    keys: tuple[str, ...] = ()


_PROVIDERS = {
    "openai": _Provider("openai", ("OPENAI_API_KEY",)),
    "anthropic": _Provider("anthropic", ("ANTHROPIC_API_KEY",)),
    "google_genai": _Provider("google", ("GOOGLE_API_KEY", "GEMINI_API_KEY")),
    "ollama": _Provider("ollama"),
}


class MissingError(Exception):
    """Why a model cannot be used, and what to do about it. Neither ever holds a key."""

    def __init__(self, detail: str, mend: str) -> None:
        super().__init__(detail)
        self.detail = detail
        self.mend = mend


def load_model(settings: "Settings") -> "BaseChatModel":
    """The model of the settings, ready to be asked; nothing is sent yet.

    Raises:
        SettingsError: a package or a key is missing, or there is no such provider; it says what to do.
    """
    try:
        return prepare(settings)
    except MissingError as error:
        raise SettingsError(f"CITEDESK_MODEL={settings.model}: {error.detail}. To mend it: {error.mend}.") from None


def prepare(settings: "Settings") -> "BaseChatModel":
    """The same.

    Raises:
        MissingError: what is missing, and the line that mends it, apart.
    """
    from langchain.chat_models import init_chat_model

    name, _, model_name = settings.model.partition(":")
    provider = _PROVIDERS.get(name, _Provider(""))
    options: dict[str, Any] = {"model_provider": name, "timeout": LIMIT, "max_retries": 0}
    if not _FIXED_TEMPERATURE.match(settings.model):
        options["temperature"] = 0
    if settings.model_base_url:
        options["base_url"] = settings.model_base_url
    if key := key_of(provider.keys):
        options["api_key"] = key
    elif settings.model_base_url and name == "openai":
        options["api_key"] = ANY_KEY
    try:
        model: BaseChatModel = init_chat_model(model_name, **options)
        return model
    except ImportError as error:
        raise MissingError(f"the package for {name} is not installed", _install(provider, error)) from None
    except Exception as error:  # each provider says in its own way what it lacks, some with the key in the message
        if provider.keys and not key:
            raise MissingError(f"{provider.keys[0]} is not set", f"set {provider.keys[0]} in .env") from None
        if "nsupported" in str(error):
            raise MissingError(f"LangChain knows no provider {name}", "see CITEDESK_MODEL in README.md") from None
        raise MissingError(
            f"the model could not be made ready ({type(error).__name__})",
            f"check the name, and that the key of {name} is set in the environment",
        ) from None


def key_of(names: tuple[str, ...]) -> str:
    """The first of these keys that is set, in the environment or in ``.env``; empty if none is."""
    from dotenv import dotenv_values

    said = {**dotenv_values(".env"), **os.environ}
    return next((key for name in names if (key := said.get(name))), "")


def _install(provider: _Provider, error: ImportError) -> str:
    if provider.extra:
        return f"pip install 'citedesk[{provider.extra}]'"
    package = re.search(r"pip install ([\w.-]+)", str(error))
    return f"pip install {package[1]}" if package else "install the provider's LangChain package"
